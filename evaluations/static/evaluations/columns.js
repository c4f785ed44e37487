// Marks the tab of the report that is in view most: swiped to, or scrolled to.
"use strict";
const columns = document.querySelector(".columns");
const seen = new Map();
const watcher = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      const { width, height } = entry.intersectionRect;
      seen.set(entry.target, width * height);
    }
    const [most] = [...seen].reduce((best, one) => (one[1] > best[1] + 1 ? one : best));
    for (const tab of document.querySelectorAll(".jump a")) {
      const current = tab.hash === `#${most.id}`;
      if (current) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
      if (current) tab.closest("ul").scrollLeft = tab.offsetLeft - tab.closest("ul").offsetLeft - 24;
    }
  },
  { root: columns.matches(".flow") ? null : columns, threshold: Array.from({ length: 41 }, (_, step) => step / 40) },
);
for (const column of columns.querySelectorAll(".column")) watcher.observe(column);
