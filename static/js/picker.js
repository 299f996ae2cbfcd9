// People, unions and units chosen by typing: name, pinyin or initials. The server answers [{value, text, hint}].
// Of fixed choices (data-picker) the page has them all; each option may bear data-hint and data-spelled.
"use strict";
(() => {
  const { $$, make, icon } = window.office;
  const words = {
    option: (data, escape) => `<div>${escape(data.text)}${data.hint ? `<span class="hint">${escape(data.hint)}</span>` : ""}</div>`,
    item: (data, escape) => `<div>${escape(data.text)}</div>`,
    no_results: () => '<div class="no-results">没有找到。换个字，或用拼音首字母再试。</div>',
    not_loading: () => '<div class="note">输入名称、拼音或首字母</div>',
    loading: () => '<div class="note">正在查找…</div>',
  };

  // An answer to what no longer stands in the box would open the list again and take the focus from the next field.
  const isStale = (picker, text) => picker.inputValue() !== text.trim();
  function ignore(picker) {
    picker.loading = Math.max(0, picker.loading - 1);
    if (!picker.loading) picker.wrapper.classList.remove(picker.settings.loadingClass);
  }

  function bind(select) {
    if (select.tomselect || select.disabled) return;
    const label = select.labels[0]?.firstChild.textContent.trim() ?? "";
    const remote = select.dataset.pickerUrl;
    const picker = new TomSelect(select, {
      plugins: select.multiple ? ["remove_button"] : [],
      valueField: "value", labelField: "text", searchField: remote ? [] : ["text", "spelled"], maxOptions: remote ? 50 : null,
      placeholder: select.dataset.placeholder ?? "输入名称、拼音或首字母", hidePlaceholder: true, closeAfterSelect: !select.multiple,
      selectOnTab: true, preload: remote ? "focus" : false, loadThrottle: 200, render: { ...words, not_loading: remote && words.not_loading }, score: remote ? () => () => 1 : undefined,
      load: remote && function load(text, done) {
        if (isStale(this, text)) return ignore(this);
        const url = new URL(remote, window.location.href);
        url.searchParams.set("q", text);
        const answered = (rows) => (isStale(this, text) ? ignore(this) : done(rows));
        return fetch(url, { headers: { Accept: "application/json" } }).then((answer) => answer.json()).then(answered, () => answered());
      },
      onType() {
        if (remote) this.clearOptions();
      },
    });
    select.setAttribute("aria-hidden", "true");
    if (!select.multiple) {
      const clear = make("button", { type: "button", className: "clear", "aria-label": `清除${label}` }, icon("x"));
      clear.addEventListener("click", () => {
        picker.clear();
        picker.focus();
      });
      picker.wrapper.append(clear);
    }
    // Enter while the answer is still on its way must not send the form.
    picker.control_input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && picker.control_input.value) event.preventDefault();
    });
    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (select.hasAttribute(name)) picker.control_input.setAttribute(name, select.getAttribute(name));
    }
  }
  const bindAll = (root) => $$("select[data-picker-url], select[data-picker]", root).forEach(bind);
  bindAll(document);
  document.addEventListener("htmx:load", (event) => bindAll(event.detail.elt.parentElement ?? document));
  window.office.refreshPickers = (form) => $$("select", form).forEach((select) => select.tomselect?.sync());
})();
