// Sorts a table where it stands; without this script the links in its head ask for it sorted.
"use strict";

function sort(table, head) {
  const heads = [...head.closest("tr").cells];
  const place = heads.indexOf(head.closest("th"));
  const link = head.getAttribute("href");
  const falling = new URL(head.href).searchParams.get("sort").startsWith("-");
  const number = (row) => Number.parseFloat(row.cells[place].dataset.value ?? "NaN");
  const name = (row) => row.cells[0].textContent.trim().toLocaleLowerCase();
  const compare = (one, other) => {
    if (place === 0) return name(one).localeCompare(name(other)) * (falling ? -1 : 1);
    const [mine, theirs] = [number(one), number(other)];
    if (Number.isNaN(mine) || Number.isNaN(theirs)) return Number.isNaN(mine) - Number.isNaN(theirs);
    return falling ? theirs - mine : mine - theirs;
  };
  const body = table.tBodies[0];
  body.append(...[...body.rows].sort(compare));
  for (const one of heads) one.removeAttribute("aria-sort");
  heads[place].setAttribute("aria-sort", falling ? "descending" : "ascending");
  const next = new URL(head.href);
  next.searchParams.set("sort", falling ? head.dataset.key : `-${head.dataset.key}`);
  head.href = next.search + next.hash;
  history.replaceState(null, "", link.split("#")[0]);
}

for (const table of document.querySelectorAll("table[data-sortable]")) {
  table.tHead.addEventListener("click", (event) => {
    const head = event.target.closest("a");
    if (!head || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    sort(table, head);
  });
}
