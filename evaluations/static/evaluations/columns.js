// Marks the tab of the report that a swipe has brought into view.
"use strict";
const columns = document.querySelector(".columns");
const seen = new Map();
const watcher = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) seen.set(entry.target, entry.intersectionRatio);
    const [most] = [...seen].reduce((best, one) => (one[1] > best[1] + 0.01 ? one : best));
    for (const tab of document.querySelectorAll(".jump a")) {
      const current = tab.hash === `#${most.id}`;
      if (current) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
      if (current) tab.closest("ul").scrollLeft = tab.offsetLeft - tab.closest("ul").offsetLeft - 24;
    }
  },
  { root: columns, threshold: [0, 0.25, 0.5, 0.75, 1] },
);
for (const column of columns.querySelectorAll(".column")) watcher.observe(column);
