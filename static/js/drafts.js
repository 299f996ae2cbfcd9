// What was typed survives a dropped line, a closed page and an expired login.
// Ordinary fields are kept on the device for a week; fields marked data-sensitive only as long as the tab lives.
"use strict";
(() => {
  const { $, $$, make, say, store, refreshPickers } = window.office;
  const WEEK = 7 * 24 * 3600 * 1000;
  const user = document.body.dataset.user;
  const full = (key) => `draft:${user}:${key}`;
  const time = new Intl.DateTimeFormat("zh-CN", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });

  function forget(key) {
    localStorage.removeItem(full(key));
    sessionStorage.removeItem(full(key));
    store.remove("files", full(key)).catch(() => undefined);
  }
  function sweep() {
    for (const name of Object.keys(localStorage)) {
      if (!name.startsWith("draft:")) continue;
      let at = 0;
      try {
        ({ at } = JSON.parse(localStorage.getItem(name)));
      } catch {
        at = 0;
      }
      if (Date.now() - at > WEEK) localStorage.removeItem(name);
    }
  }

  /** The form's fields as [name, value, text]; text is what a chosen option says, so that a picker can show it again. */
  function taken(form, sensitive) {
    const fields = [];
    for (const element of form.elements) {
      if (!element.name || ["file", "submit", "button", "password"].includes(element.type) || element.name === "csrfmiddlewaretoken") continue;
      if (("sensitive" in element.dataset) !== sensitive) continue;
      if (element.type === "checkbox" || element.type === "radio") {
        if (element.checked) fields.push([element.name, element.value]);
      } else if (element.selectedOptions) {
        for (const option of element.selectedOptions) fields.push([element.name, option.value, option.text]);
      } else fields.push([element.name, element.value]);
    }
    return fields;
  }

  function keep(form) {
    const key = full(form.dataset.draft);
    const draft = { at: Date.now(), version: form.dataset.version ?? "", fields: taken(form, false) };
    try {
      localStorage.setItem(key, JSON.stringify(draft));
      sessionStorage.setItem(key, JSON.stringify(taken(form, true)));
    } catch {
      // The device's store is full: the form still works, only without a safety net.
    }
  }

  function fill(form, fields) {
    const values = new Map();
    for (const [name, value, text] of fields) values.set(name, [...(values.get(name) ?? []), { value, text }]);
    for (const element of form.elements) {
      if (!element.name || element.type === "file" || element.name === "csrfmiddlewaretoken") continue;
      const wanted = values.get(element.name) ?? [];
      if (element.type === "checkbox" || element.type === "radio") element.checked = wanted.some(({ value }) => value === element.value);
      else if (element.selectedOptions) {
        for (const { value, text } of wanted) {
          if (![...element.options].some((option) => option.value === value)) element.append(new Option(text, value));
        }
        for (const option of element.options) option.selected = wanted.some(({ value }) => value === option.value);
      } else if (wanted.length) element.value = wanted.shift().value;
      element.dispatchEvent(new Event("office:restored"));
    }
    refreshPickers(form);
  }
  async function fillFiles(form) {
    const files = await store.get("files", full(form.dataset.draft)).catch(() => undefined);
    for (const [name, list] of Object.entries(files ?? {})) {
      form.elements[name]?.dispatchEvent(new CustomEvent("office:put-files", { detail: list }));
    }
  }

  function restore(form, draft) {
    const secret = JSON.parse(sessionStorage.getItem(full(form.dataset.draft)) ?? "[]");
    fill(form, [...draft.fields, ...secret]);
    fillFiles(form);
  }
  function offer(form) {
    const key = form.dataset.draft;
    const draft = JSON.parse(localStorage.getItem(full(key)) ?? "null");
    if (!draft) return;
    const now = JSON.stringify(taken(form, false).filter(([name]) => name !== "submission"));
    if (now === JSON.stringify(draft.fields.filter(([name]) => name !== "submission"))) return;
    const button = (label, act) => {
      const element = make("button", { type: "button", className: "link" }, label);
      element.addEventListener("click", act);
      return element;
    };
    const drop = button("不要了", () => {
      forget(key);
      window.location.reload();
    });
    if (draft.version === (form.dataset.version ?? "")) {
      restore(form, draft);
      say(`已恢复 ${time.format(draft.at)} 填写但没有保存的内容。 `, "info", drop);
      return;
    }
    const again = button("恢复", () => {
      restore(form, draft);
      notice.remove();
    });
    const notice = say(`${time.format(draft.at)} 有没有保存的修改，但这条记录后来被改过。 `, "warning", again, " ", drop);
  }

  function watch(form) {
    let waiting;
    let dirty = false;
    const save = () => {
      clearTimeout(waiting);
      if (dirty) keep(form);
    };
    const touched = (event) => {
      if (!event.isTrusted && !event.target.closest?.(".ts-wrapper, [data-lines], select")) return;
      dirty = true;
      clearTimeout(waiting);
      waiting = setTimeout(save, 400);
    };
    form.addEventListener("input", touched);
    form.addEventListener("change", touched);
    form.addEventListener("office:files", (event) => {
      const key = full(form.dataset.draft);
      const name = event.target.name;
      store.get("files", key).then((files) => store.put("files", { ...files, [name]: event.detail }, key)).catch(() => undefined);
      dirty = true;
      save();
    });
    form.addEventListener("office:renewed", () => (dirty = false));
    form.addEventListener("submit", save);
    window.addEventListener("pagehide", save);
    $$("[data-draft-drop]", form).forEach((link) => link.addEventListener("click", () => {
      dirty = false;
      forget(form.dataset.draft);
    }));
  }

  sweep();
  const done = $("[data-draft-done]");
  if (done) forget(done.dataset.draftDone);
  $$("form[data-draft]").filter((form) => form.dataset.draft).forEach((form) => {
    if ("bound" in form.dataset) fillFiles(form);
    else offer(form);
    watch(form);
  });
  $("form[data-logout]")?.addEventListener("submit", () => sessionStorage.clear());
  window.office.drafts = { forget, full };
})();
