// Forms marked data-offline: without a line the record waits on the device and is sent when the line is back.
// The hidden field `submission` makes sending twice one record.
"use strict";
(() => {
  const { $, $$, make, say, confirmed, csrf, store, drafts } = window.office;
  const { user } = document.body.dataset;
  const { goUrl, loginUrl } = $(".topbar").dataset;
  const AGAIN = 30_000;

  /** "up", "down", or "out" when the login has expired. */
  async function line() {
    if (!navigator.onLine) return "down";
    const stop = new AbortController();
    const waiting = setTimeout(() => stop.abort(), 6000);
    try {
      const answer = await fetch(`${goUrl}?q=`, { cache: "no-store", redirect: "manual", signal: stop.signal });
      return answer.type === "opaqueredirect" ? "out" : "up";
    } catch {
      return "down";
    } finally {
      clearTimeout(waiting);
    }
  }

  const shownFields = (form) => [...form.elements].filter((field) => field.name && !["hidden", "file", "submit"].includes(field.type));

  /** What the record is called while it waits: whom or what it is about stands in its first fields. */
  function labelled(form) {
    const texts = shownFields(form).filter((field) => !("sensitive" in field.dataset || "lines" in field.dataset)).map((field) => {
      if (field.selectedOptions) return [...field.selectedOptions].filter((option) => option.value).map((option) => option.text).join("、");
      return ["checkbox", "radio"].includes(field.type) ? "" : field.value.trim();
    });
    const told = texts.filter(Boolean).slice(0, 4).map((text) => text.slice(0, 20)).join("，");
    return `${form.dataset.offlineLabel ?? document.title}${told && `（${told}）`}`;
  }

  /** Whether nothing is wanting that the form must have; else it is said, as the server would. */
  function isComplete(form) {
    const lacking = shownFields(form).filter((field) => field.required && !field.value.trim());
    if (!lacking.length) return true;
    say(`网络断开，还没有存下。请先填写：${lacking.map((field) => field.labels[0]?.firstChild.textContent.trim()).join("、")}。`, "error");
    for (const field of lacking) {
      field.setAttribute("aria-invalid", "true");
      field.closest("details")?.setAttribute("open", "");
    }
    (lacking[0].tomselect ?? lacking[0]).focus();
    return false;
  }

  async function enqueue(form) {
    const fields = [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && !(value instanceof File && !value.name));
    const id = form.elements.submission.value;
    await store.put("queue", { id, user, fields, url: form.getAttribute("action") || window.location.href, label: labelled(form), draft: form.dataset.draft, at: Date.now() });
    drafts.forget(form.dataset.draft);
  }

  /** Empties a form that came back with errors: resetting it would bring back what was just queued. */
  function wipe(form) {
    for (const element of form.elements) {
      if (!element.name || element.type === "hidden") continue;
      if (element.type === "checkbox" || element.type === "radio") element.checked = false;
      else if (element.selectedOptions) {
        for (const option of element.options) option.selected = false;
        if (!element.multiple) element.selectedIndex = 0;
      } else element.value = "";
    }
    $$(".notice, .errors", form).forEach((told) => told.remove());
    $$(".invalid", form).forEach((field) => field.classList.remove("invalid"));
    $$("[aria-invalid]", form).forEach((control) => control.removeAttribute("aria-invalid"));
  }

  /** Empties the form for the next record, which gets a key of its own. */
  function renew(form) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    if ("bound" in form.dataset) wipe(form);
    else form.reset();
    form.elements.submission.value = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    for (const element of form.elements) {
      element.tomselect?.sync();
      element.dispatchEvent(new Event("office:restored"));
      if (element.type === "file") element.dispatchEvent(new Event("office:no-files"));
    }
    form.dispatchEvent(new Event("office:renewed"));
    window.scrollTo(0, 0);
  }

  /** What the page that came back says is wrong or to be checked. */
  function reasons(page) {
    const answer = new DOMParser().parseFromString(page, "text/html");
    const warned = [...answer.querySelectorAll(".notice.warn .text > div > ul > li")];
    const found = warned.length ? warned : [...answer.querySelectorAll(".error-summary li")];
    return found.slice(0, 3).map((line) => line.textContent.trim().replace(/。$/, "")).join("；");
  }

  /** Sends one waiting record: "sent", "out", "later", or why the server wants it changed. */
  async function send(item) {
    const body = new FormData();
    for (const [name, value] of item.fields) body.append(name, value);
    body.append("csrfmiddlewaretoken", csrf());
    try {
      const answer = await fetch(item.url, { method: "POST", body });
      if (answer.redirected) return new URL(answer.url).pathname.startsWith(loginUrl) ? "out" : "sent";
      if (answer.status >= 500 || answer.status === 429) return "later";
      return { refused: reasons(await answer.text()) || "请核对" };
    } catch {
      return "later";
    }
  }

  const told = new Set();
  let notice = null;
  function tell(items) {
    notice?.remove();
    notice = null;
    if (!items.length) return;
    const again = make("button", { type: "button", className: "link" }, "现在补发");
    again.addEventListener("click", flush);
    const waiting = items.filter((item) => !item.refused);
    if (waiting.length) notice = say(`${waiting.length} 条记录已存在这台设备上，网络恢复后自动补发：${waiting.map((item) => item.label).join("、")}。 `, "warning", again);
    for (const item of items.filter((other) => other.refused)) {
      const open = make("button", { type: "button", className: "link" }, "打开修改");
      open.addEventListener("click", () => reopen(item));
      const drop = make("button", { type: "button", className: "link" }, "不要了");
      drop.addEventListener("click", async () => {
        if (!(await confirmed(`丢弃“${item.label}”？填写的内容和照片都不再保留。`, "丢弃"))) return;
        await store.remove("queue", item.id);
        drop.closest(".notice").remove();
      });
      if (told.has(item.id)) continue;
      told.add(item.id);
      say(`“${item.label}”没有被接受：${item.refused}。 `, "error", open, " ", drop);
    }
  }

  /** Puts a refused record back into its form as a draft. */
  async function reopen(item) {
    const files = {};
    for (const [name, value] of item.fields) if (value instanceof File) (files[name] ??= []).push(value);
    const fields = item.fields.filter(([, value]) => !(value instanceof File));
    localStorage.setItem(drafts.full(item.draft), JSON.stringify({ at: item.at, version: "", fields }));
    await store.put("files", files, drafts.full(item.draft));
    await store.remove("queue", item.id);
    window.location.assign(item.url);
  }

  let busy = false;
  async function flush() {
    if (busy) return;
    busy = true;
    try {
      const mine = (await store.all("queue")).filter((item) => item.user === user);
      const waiting = mine.filter((item) => !item.refused);
      if (waiting.length && (await line()) === "up") {
        for (const item of waiting) {
          const result = await send(item);
          if (result === "sent") {
            await store.remove("queue", item.id);
            say(`“${item.label}”已补发。`, "success");
          } else if (result.refused) await store.put("queue", { ...item, refused: result.refused });
          else break;
        }
      }
      const left = (await store.all("queue")).filter((item) => item.user === user);
      tell(left);
      if (left.some((item) => !item.refused)) setTimeout(flush, AGAIN);
    } catch {
      // No store on this browser: nothing can be waiting.
    } finally {
      busy = false;
    }
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!("offline" in form.dataset) || event.defaultPrevented) return;
    event.preventDefault();
    const state = await line();
    if (state === "up") {
      const { name, value } = event.submitter ?? {};
      if (name) form.append(make("input", { type: "hidden", name, value }));
      return HTMLFormElement.prototype.submit.call(form);
    }
    form.dispatchEvent(new Event("office:free", { bubbles: true }));
    if (state === "out") {
      const again = make("a", { href: `${loginUrl}?next=${encodeURIComponent(window.location.pathname)}` }, "重新登录");
      return say("登录已过期，填写的内容已留在这台设备上。 ", "warning", again);
    }
    if (!isComplete(form)) return undefined;
    try {
      await enqueue(form);
      renew(form);
      flush();
    } catch {
      say("网络断开，没有保存。内容还在这一页，网络恢复后再按“保存”。", "warning");
    }
    return undefined;
  });
  window.addEventListener("online", flush);
  if (user) flush();
})();
