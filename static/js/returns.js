// Tying a form's cells: after a choice the dialog shuts and the cell is where the person was.
"use strict";
(() => {
  const { $ } = window.office;

  document.addEventListener("bound", (event) => {
    $("#dialog").close();
    $(`#cell-${event.detail.code}`)?.focus();
  });
})();
