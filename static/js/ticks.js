// Ticked rows of a list: the bar that acts on them, Shift-click for a range.
"use strict";
(() => {
  const { $, $$ } = window.office;
  const bar = $("#bulk");
  if (!bar) return;
  const ticks = $$("[data-tick]");
  const page = $("[data-tick-page]");
  const everything = $("[data-tick-everything]", bar);
  let last = -1;

  function show() {
    const count = ticks.filter((tick) => tick.checked).length;
    bar.hidden = count === 0;
    $("[data-tick-count]", bar).textContent = count;
    page.checked = count === ticks.length && count > 0;
    page.indeterminate = count > 0 && count < ticks.length;
    if (everything && count < ticks.length) everything.checked = false;
  }
  ticks.forEach((tick, index) => tick.addEventListener("click", (event) => {
    if (event.shiftKey && last >= 0) {
      ticks.slice(Math.min(last, index), Math.max(last, index) + 1).forEach((other) => (other.checked = tick.checked));
    }
    last = index;
    show();
  }));
  page.addEventListener("change", () => {
    ticks.forEach((tick) => (tick.checked = page.checked));
    show();
  });
  everything?.addEventListener("change", () => {
    if (everything.checked) ticks.forEach((tick) => (tick.checked = true));
    show();
  });
  $("[data-tick-none]", bar).addEventListener("click", () => {
    ticks.forEach((tick) => (tick.checked = false));
    show();
  });
  window.addEventListener("pageshow", show);
})();
