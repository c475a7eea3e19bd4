// Looks again every five seconds while the tab is seen. What is read never moves: rows change in their place,
// new ones wait behind a bar, and nothing is touched that holds the focus.

const bar = document.querySelector(".fresh a");
const list = document.getElementById("liste");
const lost = document.querySelector(".lost");
let tag = "";

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href, { cache: "no-store", headers: tag ? { "If-None-Match": tag } : {} });
    lost.hidden = true;
    if (answer.status === 304) return;
    if (!answer.ok || answer.redirected) return say("Bitte neu anmelden. Ihr Text bleibt hier.");
    tag = answer.headers.get("ETag") || "";
    show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    say("Keine Verbindung. Sie sehen den letzten Stand.");
  }
}

function say(text) {
  lost.textContent = text;
  lost.hidden = false;
}

function show(page) {
  document.title = page.title;
  for (const part of document.querySelectorAll("[data-live]")) change(part, page.getElementById(part.id));
  if (list) rows(page);
  const version = (from) => from.querySelector("[data-version]")?.dataset.version;
  if (version(page) !== version(document)) bar.hidden = false;
}

function rows(page) {
  const here = [...list.children].map((row) => row.id);
  const there = [...page.querySelectorAll("#liste > li")].map((row) => row.id);
  for (const id of here) {
    const row = document.getElementById(id);
    row.classList.toggle("gone", !there.includes(id));
    change(row, page.getElementById(id));
  }
  const count = there.filter((id) => !here.includes(id)).length;
  const text = count === 1 ? "1 neues Anliegen anzeigen" : `${count} neue Anliegen anzeigen`;
  if (bar.textContent !== text) bar.textContent = text;
  bar.hidden = count === 0;
}

function change(old, fresh) {
  if (!fresh || old.innerHTML === fresh.innerHTML || old.contains(document.activeElement)) return;
  old.innerHTML = fresh.innerHTML;
}

setInterval(look, 5000);
document.addEventListener("visibilitychange", look);
