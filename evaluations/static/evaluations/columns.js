// Marks the tab of the report that is in view: swiped to, or scrolled to where one reads.
"use strict";
const columns = document.querySelector(".columns");
const flows = columns.matches(".flow");
const seen = new Map();

function mark(report) {
  for (const tab of document.querySelectorAll(".jump a")) {
    const current = tab.hash === `#${report.id}`;
    if (current) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
    if (current) tab.closest("ul").scrollLeft = tab.offsetLeft - tab.closest("ul").offsetLeft - 24;
  }
}

const watcher = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) seen.set(entry.target, flows ? Number(entry.isIntersecting) : entry.intersectionRatio);
    const [most, share] = [...seen].reduce((best, one) => (one[1] > best[1] + 0.01 ? one : best));
    if (share > 0) mark(most);
  },
  flows
    ? { rootMargin: "-15% 0px -80% 0px" }
    : { root: columns, threshold: [0, 0.25, 0.5, 0.75, 1] },
);
mark(columns.querySelector(".column"));
for (const column of columns.querySelectorAll(".column")) watcher.observe(column);
