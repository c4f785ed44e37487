// Lets a page of the admin follow along: asks every two seconds what has changed, and puts only that in its place.
"use strict";
const page = document.querySelector("[data-follow]");
const PAUSE = 2000;
const MOST_FAILURES = 5;
let failures = 0;

function replace(id, html) {
  const part = document.getElementById(id);
  const open = [...part.querySelectorAll("details[open]")].map((one) => one.id).filter(Boolean);
  const focused = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  const scrolled = part.querySelector(".scroll")?.scrollLeft ?? 0;
  part.innerHTML = html;
  for (const one of open) document.getElementById(one)?.setAttribute("open", "");
  if (focused) [...part.querySelectorAll("a")].find((one) => one.getAttribute("href") === focused)?.focus();
  const box = part.querySelector(".scroll");
  if (box) box.scrollLeft = scrolled;
}

async function look() {
  const address = `${page.dataset.follow}?seen=${encodeURIComponent(page.dataset.seen)}`;
  const answer = await fetch(address, { headers: { Accept: "application/json" }, redirect: "error" });
  if (!answer.ok) throw new Error(String(answer.status));
  const news = await answer.json();
  if (news.go_to) {
    location.replace(news.go_to);
    return false;
  }
  for (const [id, html] of Object.entries(news.parts ?? {})) replace(id, html);
  page.dataset.seen = news.seen;
  return news.goes_on;
}

async function follow() {
  let goesOn = true;
  try {
    if (!document.hidden) goesOn = await look();
    failures = 0;
  } catch {
    failures += 1;
    if (failures >= MOST_FAILURES) {
      page.querySelector(".follow-note").hidden = false;
      return;
    }
  }
  if (goesOn) setTimeout(follow, PAUSE);
}

if (page?.dataset.goesOn === "yes") setTimeout(follow, PAUSE);
