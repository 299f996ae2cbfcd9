// Ticked rows: all of the page at once, Shift-click for a range, and the bar that acts on them where a list has one.
"use strict";
(() => {
  const { $, $$ } = window.office;
  const page = $("[data-tick-page]");
  if (!page) return;
  const ticks = $$("[data-tick]");
  const bar = $("#bulk");
  const everything = $("[data-tick-everything]");
  let last = -1;

  function show() {
    const count = ticks.filter((tick) => tick.checked).length;
    page.checked = count === ticks.length && count > 0;
    page.indeterminate = count > 0 && count < ticks.length;
    if (everything && count < ticks.length) everything.checked = false;
    if (!bar) return;
    bar.hidden = count === 0;
    $("[data-tick-count]", bar).textContent = count;
  }
  function set(checked) {
    ticks.forEach((tick) => (tick.checked = checked));
    show();
  }
  ticks.forEach((tick, index) => tick.addEventListener("click", (event) => {
    if (event.shiftKey && last >= 0) {
      ticks.slice(Math.min(last, index), Math.max(last, index) + 1).forEach((other) => (other.checked = tick.checked));
    }
    last = index;
    show();
  }));
  // The whole cell ticks: the box alone is small for a thumb.
  ticks.forEach((tick) => tick.closest("td")?.addEventListener("click", (event) => event.target === tick || tick.click()));
  page.addEventListener("change", () => set(page.checked));
  everything?.addEventListener("change", () => everything.checked && set(true));
  $("[data-tick-all]")?.addEventListener("click", () => set(true));
  $("[data-tick-none]")?.addEventListener("click", () => set(false));
  window.addEventListener("pageshow", show);
})();
