// Keys for those who do not like to point. Single keys can be switched off, in the map that `?` opens.
import { openDialog } from "./palette.js";
import { pickRow, reviewPicked } from "./picks.js";

const WITHIN_MS = 900;
let afterG = 0;

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openDialog("palette");
    } else if (free(event)) press(event);
  });
  const box = document.querySelector("[data-keys-switch]");
  if (!box) return;
  box.checked = on();
  box.addEventListener("change", () => { try { localStorage.keys = box.checked ? "on" : "off"; } catch { /* not kept */ } });
}

// What tells of keys is hidden where no script runs, also in what was exchanged since.
export function showKeys() {
  for (const hint of document.querySelectorAll("[data-keyed]")) hint.hidden = false;
}

function on() {
  try { return localStorage.keys !== "off"; } catch { return true; }
}

function free(event) {
  const typing = event.target.closest?.("input:not(.pick *), textarea, select, [contenteditable], dialog");
  return !typing && !event.metaKey && !event.ctrlKey && !event.altKey && on();
}

function press(event) {
  const key = event.key;
  if (Date.now() - afterG < WITHIN_MS) {
    afterG = 0;
    return document.querySelector(`[data-go="${CSS.escape(key.toLowerCase())}"]`)?.click();
  }
  if (key === "g") afterG = Date.now();
  else if (key === "?") openDialog("keymap");
  else if (key === "/") { event.preventDefault(); openDialog("palette"); }
  else if (key === "[" || key === "]") document.querySelector(`[data-shift="${key}"]`)?.click();
  else if (key === "j" || key === "k") walk(key === "j" ? 1 : -1);
  else if (key === "e") reviewPicked() || document.querySelector("[data-review]")?.click();
  else if (key === "x") pickRow();
  else if (key === "f") openMenu(document.querySelector("[data-adding] > summary"));
  else if (key === "c") openMenu(document.querySelector("[data-columns] > summary"));
  else if (key === "Escape") document.querySelector("[data-close-reading]")?.click();
}

function openMenu(summary) {
  summary?.click();
  summary?.focus();
}

function walk(step) {
  const rows = [...document.querySelectorAll("[data-rows] tbody th a")];
  const at = rows.indexOf(document.activeElement?.closest("tr")?.querySelector("th a"));
  const open = rows.findIndex((row) => row.getAttribute("aria-current"));
  rows[Math.max(0, Math.min(rows.length - 1, (at < 0 ? open : at) + step))]?.focus();
}
