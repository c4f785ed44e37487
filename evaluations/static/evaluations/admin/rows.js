"use strict";
// Rows of a form that can be added, moved up and taken out.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-up], [data-clear], [data-add]");
  if (!button) return;
  const table = button.closest("div").querySelector("[data-rows]") || button.closest("[data-rows]");
  const row = button.closest("tr");
  if (button.matches("[data-add]")) {
    const last = table.tBodies[0].lastElementChild;
    const copy = last.cloneNode(true);
    empty(copy);
    last.after(copy);
    copy.querySelector("input").focus();
  } else if (button.matches("[data-up]")) {
    row.previousElementSibling?.before(row);
    button.focus();
  } else if (table.tBodies[0].rows.length > 1) {
    row.remove();
  } else {
    empty(row);
  }
  table.dispatchEvent(new Event("change", { bubbles: true }));
});

function empty(row) {
  for (const field of row.querySelectorAll("input")) field.value = "";
  for (const field of row.querySelectorAll("select")) field.selectedIndex = field.options.length - 1;
}
