// Shows the passage behind a sentence where the reader clicks it or comes to its number with the keyboard;
// without this script the numbers lead to the list below each report.
"use strict";
const panel = document.getElementById("passage");
panel.tabIndex = -1;
const close = document.createElement("button");
close.type = "button";
close.className = "quiet";
close.textContent = panel.dataset.close;
let shown = null;

function show(link) {
  const note = document.getElementById(link.hash.slice(1));
  if (!note || shown === link) return;
  hide();
  const body = note.cloneNode(true);
  body.querySelector(".back").remove();
  for (const inner of body.querySelectorAll("a[href^='#']")) {
    const source = document.getElementById(inner.hash.slice(1));
    inner.replaceWith(...source.cloneNode(true).childNodes);
  }
  panel.replaceChildren(...body.childNodes, close);
  panel.hidden = false;
  shown = link;
  link.classList.add("current");
  const room = panel.getBoundingClientRect().top;
  const at = link.getBoundingClientRect();
  if (at.bottom > room || at.top < 0) link.scrollIntoView({ block: "center", behavior: "instant" });
}

// Back to the number that the panel belongs to.
function leave() {
  shown.focus({ preventScroll: true });
  hide();
}

function hide() {
  shown?.classList.remove("current");
  shown = null;
  panel.hidden = true;
}

// A sentence may be several marks; its number follows the last of them.
function noteOf(mark) {
  const all = [...mark.closest(".report").querySelectorAll("span[class], sup a")];
  return all.slice(all.indexOf(mark)).find((one) => one.localName === "a");
}

document.addEventListener("click", (event) => {
  const link = event.target.closest(".report sup a");
  const mark = event.target.closest(".report span[class]");
  if (event.target === close) {
    leave();
  } else if (link) {
    event.preventDefault();
    show(link);
    if (event.detail === 0) panel.focus({ preventScroll: true }); // Enter: into the panel, to its link and its button
  } else if (mark && !event.target.closest("a") && noteOf(mark)) {
    show(noteOf(mark));
  } else if (!event.target.closest("#passage")) {
    hide();
  }
});
// With the mouse it is the click that shows: the page moves, and a click ends where it began only on what stays.
document.addEventListener("focusin", (event) => {
  if (event.target.matches(".report sup a:focus-visible")) show(event.target);
  else if (!event.target.closest("#passage")) hide();
});
document.addEventListener("keydown", (event) => {
  const inside = panel.contains(document.activeElement);
  const out = event.key === "Tab" && (event.shiftKey ? event.target === panel : event.target === close);
  if (inside && (out || event.key === "Escape")) {
    event.preventDefault();
    leave();
  } else if (event.key === "Escape") {
    hide();
  }
});
