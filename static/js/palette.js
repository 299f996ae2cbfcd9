// Ctrl-K: go anywhere by typing. Pages come from the navigation at once, records from the server.
"use strict";
(() => {
  const { $, $$, make, icon } = window.office;
  const dialog = $("#palette");
  if (!dialog) return;
  const list = make("div", { className: "found", id: "palette-list", role: "listbox", "aria-label": "去处" });
  const input = make("input", {
    type: "text", placeholder: "页面、姓名、工会名称，可用拼音首字母", autocomplete: "off", spellcheck: false, role: "combobox",
    "aria-label": "去哪里", "aria-controls": "palette-list", "aria-expanded": "true", "aria-autocomplete": "list",
  });
  dialog.append(
    make("div", { className: "ask" }, icon("search"), input),
    list,
    make("p", { className: "hint" }, make("span", {}, "↑ ↓ 选择"), make("span", {}, "Enter 打开"), make("span", {}, "Esc 关闭")),
  );
  const pages = $$("#nav a").map((link) => ({ label: $("span", link).textContent, url: link.href, group: "页面" }));
  let options = [];
  let at = 0;
  let asked = 0;
  let waiting;

  function select(index) {
    at = Math.max(0, Math.min(index, options.length - 1));
    $$("[role=option]", list).forEach((option, number) => option.setAttribute("aria-selected", String(number === at)));
    input.setAttribute("aria-activedescendant", options.length ? `palette-${at}` : "");
    $(`#palette-${at}`)?.scrollIntoView({ block: "nearest" });
  }

  function show(found) {
    options = found;
    list.replaceChildren();
    let group = null;
    found.forEach((option, number) => {
      if (option.group !== group) list.append(make("p", { className: "group", role: "presentation" }, (group = option.group)));
      list.append(make("div", { id: `palette-${number}`, role: "option" }, option.label, make("span", { className: "muted" }, option.hint ?? "")));
    });
    if (!found.length) list.append(make("p", { className: "group", role: "status" }, "没有找到"));
    select(0);
  }

  const matching = (text) => pages.filter((page) => page.label.includes(text));
  async function ask() {
    const text = input.value.trim();
    const turn = ++asked;
    show(matching(text));
    clearTimeout(waiting);
    if (!text) return;
    waiting = setTimeout(async () => {
      try {
        const answer = await fetch(`${$(".topbar").dataset.goUrl}?q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } });
        const found = await answer.json();
        if (turn !== asked) return;
        const known = new Set(matching(text).map((page) => new URL(page.url).pathname));
        show([...matching(text), ...found.filter((option) => !known.has(option.url))]);
      } catch {
        // Offline or logged out: the pages of the navigation stay on offer.
      }
    }, 180);
  }

  function open() {
    input.value = "";
    ask();
    if (!dialog.open) dialog.showModal();
    input.focus();
  }
  const go = (index) => options[index] && window.location.assign(options[index].url);
  input.addEventListener("input", ask);
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) select(at + step);
    else if (event.key === "Enter" && !event.isComposing) go(at);
    else return;
    event.preventDefault();
  });
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) go(Number(option.id.split("-")[1]));
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  document.addEventListener("click", (event) => event.target.closest("[data-palette-open]") && open());
  document.addEventListener("office:go", open);
})();
