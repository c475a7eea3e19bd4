// Makes the pages live. Without it everything still works by links and forms.
"use strict";

let version = "";
let busy = false;

const one = (selector, within = document) => within.querySelector(selector);
const parsed = (html) => new DOMParser().parseFromString(html, "text/html");

function say(words) {
  one("#meldung").textContent = words;
}

// Takes over what changed and leaves the rest alone, so that focus, selection and scrolling stay.
function refresh(page) {
  const list = one("[data-live]");
  const fresh = one("[data-live]", page);
  if (!list || !fresh) return;
  const focused = document.activeElement.id;
  const posts = new Set([...list.querySelectorAll("[id]")].map((node) => node.id));
  const known = new Map([...list.children].map((child) => [child.id, child]));
  [...fresh.children].forEach((child, place) => {
    const there = known.get(child.id);
    const same = there && there.outerHTML === child.outerHTML;
    if (there && !same) there.replaceWith(child);
    known.delete(child.id);
    const node = same ? there : child;
    if (list.children[place] !== node) list.insertBefore(node, list.children[place] || null);
  });
  known.forEach((child) => child.remove());
  if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus({ preventScroll: true });
  greet([...list.querySelectorAll("article, li")].filter((node) => !posts.has(node.id)));
}

function greet(news) {
  if (news.some((node) => node.matches(".city"))) say(`Neue Antwort der Stadt, ${new Date().toLocaleTimeString("de")}.`);
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  news.forEach((node) => node.animate([{ opacity: 0, translate: "0 -6px" }, { opacity: 1, translate: "0 0" }], 250));
}

async function poll() {
  if (document.hidden || busy) return;
  const address = location.href;
  try {
    const response = await fetch(address, { headers: { "If-None-Match": version }, cache: "no-store" });
    if (response.status !== 200 || busy || address !== location.href) return;
    version = response.headers.get("ETag") || "";
    refresh(parsed(await response.text()));
  } catch {
    version = "";
  }
}

function count() {
  const line = one("#zaehler");
  if (!line) return;
  const text = one("#text").value.replace(/https?:\/\/\S+/g, "x".repeat(23));
  const left = line.dataset.limit - [...new Intl.Segmenter("de").segment(text)].length;
  line.textContent = left < 0 ? `${-left} Zeichen zu viel` : `Noch ${left} Zeichen`;
  line.classList.toggle("error", left < 0);
}

function write(composer, typed) {
  one("#schreiben").replaceWith(composer);
  if (typed !== undefined) one("#text").value = typed;
  one("#text").focus();
  begin();
}

function begin() {
  const box = one("#text");
  box?.setSelectionRange(box.value.length, box.value.length);
  count();
}

// Asks for a page; shows its composer where `writing`, and its list in any case.
async function take(address, options, writing, typed) {
  busy = true;
  try {
    const response = await fetch(address, options);
    const page = parsed(await response.text());
    const composer = one("#schreiben", page);
    if (!composer) throw new Error(response.status);
    if (response.ok) history.replaceState(null, "", response.url);
    if (writing) write(composer, typed);
    refresh(page);
    version = "";
    return response.ok;
  } catch {
    one("#fehler").textContent = "Das hat nicht geklappt. Ihr Text ist noch da. Bitte versuchen Sie es noch einmal.";
    return false;
  } finally {
    busy = false;
  }
}

const enhanced = one("main.square:not(.alone)");

enhanced?.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-compose]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  take(link.href, {}, true, link.dataset.compose === "keep" ? one("#text").value : undefined);
});

enhanced?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const writing = form.matches(".composer");
  if (!(await take(form.action, { method: "POST", body: new FormData(form) }, writing))) return;
  if (!writing) one("[data-live]").focus({ preventScroll: true });
  say(writing ? "Veröffentlicht." : "Gelöscht.");
});

enhanced?.addEventListener("input", count);

enhanced?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.closest("form.composer")?.requestSubmit();
});

begin();
setInterval(poll, 1000);
