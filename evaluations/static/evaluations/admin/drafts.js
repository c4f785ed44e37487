"use strict";
// What was typed into a form of the admin outlives a session that ended before it was saved.
// It is kept in this tab alone, and thrown away as soon as it was saved.
const FORM = document.querySelector('form[method="post"][id$="_form"]');
const PLACE = `draft:${location.pathname}`;
const SAVED = document.querySelector(".messagelist .success");

if (SAVED) {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith("draft:")) sessionStorage.removeItem(key);
}
if (FORM && !document.querySelector("#login-form")) {
  bringBack();
  let waiting = 0;
  FORM.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, 300);
  });
  FORM.addEventListener("submit", keep);
}

function keep() {
  const typed = [...new FormData(FORM)].filter(([name, value]) => typeof value === "string" && mayBeKept(name));
  sessionStorage.setItem(PLACE, JSON.stringify(typed));
}

function mayBeKept(name) {
  return name !== "csrfmiddlewaretoken" && !FORM.querySelector(`input[type="password"][name="${CSS.escape(name)}"]`);
}

function bringBack() {
  const kept = JSON.parse(sessionStorage.getItem(PLACE) || "null");
  if (!kept || document.querySelector(".errornote")) return;
  const now = JSON.stringify([...new FormData(FORM)].filter(([name]) => mayBeKept(name)));
  if (JSON.stringify(kept) === now) return;
  const note = document.createElement("p");
  note.className = "draft";
  note.setAttribute("role", "status");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Bring it back";
  button.addEventListener("click", () => {
    fillIn(kept);
    note.remove();
  });
  note.append("What you typed here before was not saved. ", button);
  FORM.before(note);
}

function fillIn(kept) {
  const values = Map.groupBy(kept, ([name]) => name);
  for (const field of FORM.elements) {
    if (!field.name || !mayBeKept(field.name) || ["submit", "button"].includes(field.type)) continue;
    const left = values.get(field.name) || [];
    if (field.type === "checkbox" || field.type === "radio") {
      field.checked = left.some(([, value]) => value === field.value);
    } else if (left.length) {
      field.value = left.shift()[1];
    }
  }
  FORM.dispatchEvent(new Event("change", { bubbles: true }));
}
