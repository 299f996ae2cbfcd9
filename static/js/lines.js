// Goods lines: a small table over a text field that reads 大米|2|袋|45.00；食用油|1|桶|60.00. The sum is shown, never typed.
"use strict";
(() => {
  const { $, $$, make, icon } = window.office;
  const money = new Intl.NumberFormat("zh-CN", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const PARTS = [["item", "物品", ""], ["quantity", "数量", "q"], ["unit", "单位", "u"], ["unit_price", "单价（元）", "p"]];
  const clean = (text) => text.replaceAll("|", "/").replace(/[;；\n]/g, "，").trim();
  // Cents and thousandths as whole numbers: 0.1 + 0.2 must not show as 0.30000000000000004.
  const cents = (line) => Math.round((Math.round(Number(line.quantity) * 1000) * Math.round(Number(line.unit_price) * 100)) / 1000);

  function bind(field) {
    if (field.dataset.bound) return;
    field.dataset.bound = "yes";
    const body = make("tbody");
    const total = make("strong");
    const add = make("button", { type: "button", className: "btn small" }, icon("plus"), "加一样物品");
    const head = make("tr", {}, ...PARTS.map(([, title]) => make("th", { scope: "col" }, title)), make("th", { scope: "col", className: "number" }, "金额"), make("th", {}, make("span", { className: "sr-only" }, "删除")));
    const box = make("div", { className: "lines", role: "group", "aria-label": field.labels[0]?.textContent ?? "物品" },
      make("table", {}, make("thead", {}, head), body), make("div", { className: "foot" }, add, make("span", { role: "status" }, "合计 ", total, " 元")));

    const lines = () => $$("tr", body).map((row) => Object.fromEntries($$("input", row).map((input) => [input.dataset.part, clean(input.value)])));
    function write() {
      const kept = lines().filter((line) => Object.values(line).some(Boolean));
      field.value = kept.map((line) => PARTS.map(([part]) => line[part]).join("|")).join("；");
      let sum = 0;
      $$("tr", body).forEach((row, number) => {
        const value = cents(lines()[number]) || 0;
        sum += value;
        $(".sum", row).textContent = value ? money.format(value / 100) : "";
      });
      total.textContent = money.format(sum / 100);
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    function insert(line) {
      const row = make("tr");
      for (const [part, title, size] of PARTS) {
        const input = make("input", { value: line[part] ?? "", placeholder: title, autocomplete: "off", "aria-label": title, "data-part": part, inputMode: size === "q" || size === "p" ? "decimal" : "text" });
        row.append(make("td", { className: size }, input));
      }
      const drop = make("button", { type: "button", className: "btn bare small icon-only", "aria-label": "删除这一样" }, icon("x"));
      drop.addEventListener("click", () => {
        row.remove();
        write();
        add.focus();
      });
      row.append(make("td", { className: "sum" }), make("td", {}, drop));
      body.append(row);
      return row;
    }
    function read() {
      const stored = field.value.split(/[;；\n]/).filter((part) => part.trim()).map((part) => {
        const values = part.split("|");
        return Object.fromEntries(PARTS.map(([name], number) => [name, values[number]?.trim() ?? ""]));
      });
      body.replaceChildren();
      // A phone shows no empty line before it is asked for.
      (stored.length || field.closest(".quick-form") ? stored : [{}]).forEach(insert);
    }
    add.addEventListener("click", () => $("input", insert({})).focus());
    box.addEventListener("input", write);
    field.addEventListener("office:restored", () => {
      read();
      write();
    });
    field.hidden = true;
    const rule = document.getElementById(`${field.id}_helptext`); // how to write it as text: not needed here
    if (rule) rule.hidden = true;
    field.after(box);
    read();
    write();
  }
  $$("[data-lines]").forEach(bind);
  document.addEventListener("htmx:load", (event) => $$("[data-lines]", event.detail.elt).forEach(bind));
})();
