// Small comforts of the desk; every page works without them.

const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

function step(by) {
  const titles = [...document.querySelectorAll(".row .title")];
  const next = titles[Math.max(titles.indexOf(document.activeElement), by > 0 ? -1 : 1) + by];
  next?.focus();
  next?.closest(".row").scrollIntoView({ block: "nearest" });
}

const keys = {
  j: () => step(1),
  k: () => step(-1),
  s: () => document.querySelector("[type=search]")?.focus(),
  r: () => document.querySelector("[data-draft=antwort]")?.focus(),
  n: () => document.querySelector("[data-draft=notiz]")?.focus(),
  u: () => document.querySelector("[data-up]")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && typing(event.target)) return event.target.blur();
  if (typing(event.target) || !keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});

// The list somebody came from, with its view and filters.
if (document.getElementById("liste")) sessionStorage.setItem("liste", location.search);
for (const link of document.querySelectorAll("[data-up]")) link.search = sessionStorage.getItem("liste") || "";

for (const box of document.querySelectorAll("[data-limit]")) {
  const counter = box.form.querySelector(".counter");
  const limit = Number(box.dataset.limit);
  const count = () => {
    // Networks count a link as 23 characters, however long it is.
    const left = limit - [...box.value.replace(/https?:\/\/\S+/g, "x".repeat(23))].length;
    box.setCustomValidity(left < 0 ? `${-left} Zeichen zu lang.` : "");
    if (counter) counter.textContent = left < 0 ? `${-left} Zeichen zu lang` : `noch ${left} Zeichen`;
    counter?.classList.toggle("over", left < 0);
  };
  box.addEventListener("input", count);
  queueMicrotask(count);
}

for (const box of document.querySelectorAll("[data-draft]")) {
  const name = `${location.pathname} ${box.dataset.draft}`;
  box.value = box.value || sessionStorage.getItem(name) || "";
  box.addEventListener("input", () => sessionStorage.setItem(name, box.value));
  box.form.addEventListener("submit", () => sessionStorage.removeItem(name));
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.closest(".waits").querySelector(".copy").value);
    button.textContent = "Kopiert";
  });
}
