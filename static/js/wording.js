// The editor of a document: facts found by typing and put in where the cursor stands; days only for a chosen window.
"use strict";
(() => {
  const { $, $$ } = window.office;

  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-fact-search]")) return;
    const wanted = event.target.value.trim();
    $$(".facts-list li", event.target.closest("details")).forEach((item) => {
      item.hidden = !item.textContent.includes(wanted);
    });
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]");
    if (!button) return;
    const box = $("textarea", button.closest("[data-wording]"));
    box.setRangeText(button.dataset.insert, box.selectionStart, box.selectionEnd, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  });

  // Enter in the search box must not save the sentence.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("[data-fact-search]")) return;
    event.preventDefault();
    $(".facts-list li:not([hidden]) button", event.target.closest("details"))?.click();
  });

  const span = $(".order-form [name=span]");
  const show = () => ["start", "end"].forEach((name) => {
    const field = $(`.order-form [name=${name}]`).closest(".field");
    field.hidden = span.value !== "window";
  });
  span?.addEventListener("change", show);
  if (span) show();
})();
