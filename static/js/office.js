// The frame's behaviour: menus, messages, confirmation, double-submit guard, disclosure of masked values.
// Classic scripts with one shared name: the manifest storage renames files, which would break imports between modules.
"use strict";
window.office = (() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const sprite = () => $("svg.icon use")?.getAttribute("href").split("#")[0] ?? "";

  /** An element with properties, attributes (names with a dash or `role`) and children. */
  function make(tag, options = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(options)) {
      if (name.includes("-") || name === "role" || name === "for") element.setAttribute(name, value);
      else element[name] = value;
    }
    element.append(...children);
    return element;
  }

  function icon(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `${sprite()}#${name}`);
    svg.append(use);
    return svg;
  }

  const TONE_ICON = { success: "circle-check", error: "alert-circle", warning: "alert-triangle", info: "info-circle" };

  /** Says something in the page's live region; `extra` are further nodes (buttons, links). */
  function say(text, tone = "info", ...extra) {
    const close = make("button", { type: "button", className: "btn bare small icon-only close", "data-close": ".notice", "aria-label": "关闭提示" }, icon("x"));
    const notice = make("div", { className: `notice ${tone}` }, icon(TONE_ICON[tone]), make("div", { className: "text" }, text, ...extra), close);
    $("#messages")?.append(notice);
    return notice;
  }

  /** Whether the person says yes in our own dialog. */
  function confirmed(text, label = "确定") {
    const dialog = $("#confirm");
    $("#confirm-text").textContent = text;
    $("#confirm-yes").textContent = label;
    dialog.returnValue = "no";
    dialog.showModal();
    $("#confirm-yes").focus();
    return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
  }

  const csrf = () => $("input[name=csrfmiddlewaretoken]")?.value ?? "";
  const typing = (target) => target.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  return { $, $$, make, icon, say, confirmed, csrf, typing };
})();

(() => {
  const { $, $$, say, confirmed, typing } = window.office;
  const root = document.documentElement;

  // Confirmation and guard against a second click. A form that was sent stays shut until the page is shown again.
  const free = (form) => {
    delete form.dataset.sent;
    $$("[aria-busy]", form).forEach((button) => button.removeAttribute("aria-busy"));
  };
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.getAttribute("method") === "dialog" || event.defaultPrevented) return;
    if (form.dataset.confirm && !form.dataset.agreed) {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (await confirmed(form.dataset.confirm, form.dataset.confirmLabel)) {
        form.dataset.agreed = "yes";
        form.requestSubmit(event.submitter);
        delete form.dataset.agreed;
      }
      return;
    }
    if (!("guard" in form.dataset)) return;
    if (form.dataset.sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
  }, true);
  window.addEventListener("pageshow", () => $$("form[data-sent]").forEach(free));
  document.addEventListener("office:free", (event) => free(event.target));
  document.addEventListener("htmx:confirm", async (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    if (await confirmed(event.detail.question)) event.detail.issueRequest(true);
  });

  // Clicks that open, close, go back.
  const drawer = (open) => {
    root.classList.toggle("nav-open", open);
    $("[data-nav-open]")?.setAttribute("aria-expanded", String(open));
    if (open) $("#nav [aria-current], #nav a")?.focus();
    else $("[data-nav-open]")?.focus();
  };
  document.addEventListener("click", (event) => {
    const hit = (selector) => event.target.closest(selector);
    if (hit("[data-close]")) hit("[data-close]").closest(hit("[data-close]").dataset.close).remove();
    if (hit("[data-dialog-close]")) hit("dialog").close();
    if (hit("[data-back]")) window.history.back();
    if (hit("[data-nav-open]")) drawer(true);
    if (hit("[data-nav-close]")) drawer(false);
    if (hit(".error-summary a")) {
      const field = $(hit(".error-summary a").getAttribute("href"));
      event.preventDefault();
      (field?.tomselect ?? field)?.focus();
    }
    if (hit("[data-print]")) window.print();
    if (hit("[data-toggle]")) {
      const button = hit("[data-toggle]");
      const open = $(`#${button.getAttribute("aria-controls")}`).classList.toggle("open");
      button.setAttribute("aria-expanded", String(open));
    }
    if (hit("[data-nav-narrow]")) {
      const narrow = root.classList.toggle("nav-narrow");
      if (narrow) localStorage.setItem("nav", "narrow");
      else localStorage.removeItem("nav");
    }
    $$("details.menu[open]").forEach((menu) => menu.contains(event.target) || menu.removeAttribute("open"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      if (root.classList.contains("nav-open")) drawer(false);
      const menu = event.target.closest?.("details.menu[open]");
      if (menu) {
        menu.removeAttribute("open");
        $("summary", menu).focus();
      }
    }
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target) && !$("dialog[open]")) {
      const box = $("[data-search]");
      event.preventDefault();
      if (box) box.select();
      else document.dispatchEvent(new CustomEvent("office:go"));
    }
  });

  // Sections that stay as the person left them.
  $$("details[data-keep-open]").forEach((part) => {
    const key = part.dataset.keepOpen;
    if (localStorage.getItem(key) === "shut" && !$("[aria-current]", part)) part.open = false;
    part.addEventListener("toggle", () => (part.open ? localStorage.removeItem(key) : localStorage.setItem(key, "shut")));
  });

  // What the server asks to be said or shown after an htmx request.
  document.addEventListener("say", (event) => say(event.detail.text, event.detail.tone));
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "dialog-body") $("#dialog").showModal();
  });
  const trouble = { 401: "登录已过期，请重新登录。", 403: "没有这个权限。", 404: "没有找到，可能已被删除。", 413: "文件太大。", 429: "操作太频繁，请稍后再试。" };
  document.addEventListener("htmx:responseError", (event) => say(trouble[event.detail.xhr.status] ?? "服务器出错，没有完成。请稍后再试。", "error"));
  document.addEventListener("htmx:sendError", () => say("网络断开，没有送达。", "warning"));

  // A masked value is shown after its purpose was given, and goes again after a minute.
  const reveal = $("#reveal");
  let asked = null;
  document.addEventListener("click", (event) => {
    asked = event.target.closest("[data-reveal]") ?? asked;
    if (!reveal || !event.target.closest("[data-reveal]")) return;
    $("#reveal-title").textContent = `查看完整的${asked.dataset.revealLabel}`;
    $("#reveal-error").hidden = true;
    reveal.showModal();
    $("[name=purpose]", reveal).focus();
  });
  reveal?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = asked;
    const fail = (text) => {
      $("#reveal-error").textContent = text;
      $("#reveal-error").hidden = false;
    };
    try {
      const answer = await fetch(button.dataset.reveal, { method: "POST", body: new FormData(event.target), headers: { "HX-Request": "true" } });
      const text = (await answer.text()).trim();
      if (answer.redirected) return fail(trouble[401]);
      if (!answer.ok) return fail(answer.headers.get("Content-Type")?.startsWith("text/plain") ? text : trouble[answer.status] ?? "没有完成，请稍后再试。");
      const shown = button.previousElementSibling;
      const masked = shown.textContent;
      shown.textContent = text;
      button.hidden = true;
      reveal.close();
      setTimeout(() => {
        shown.textContent = masked;
        button.hidden = false;
      }, 60_000);
    } catch {
      fail("网络断开，没有送达。");
    }
    return undefined;
  });

  // Where the person should look first: what is wrong, else the first field of a form page.
  const focus = $("[data-focus]");
  if (focus) focus.focus();

  // Bulk change: whoever fills a field in means to change it.
  document.addEventListener("change", (event) => {
    const row = event.target.closest("[data-tick-row]");
    const tick = row && $("input[type=checkbox]", row);
    if (row && event.target !== tick) tick.checked = true;
  });

  // A file dropped on a marked area lands in its file input.
  $$("[data-drop]").forEach((area) => {
    const input = $("input[type=file]", area);
    const show = () => ($("[data-drop-name]", area).textContent = input.files[0]?.name ?? "");
    input.addEventListener("change", show);
    for (const name of ["dragover", "dragleave", "drop"]) {
      area.addEventListener(name, (event) => {
        event.preventDefault();
        area.classList.toggle("over", name === "dragover");
        if (name === "drop" && event.dataTransfer.files.length) {
          input.files = event.dataTransfer.files;
          show();
        }
      });
    }
  });
})();
