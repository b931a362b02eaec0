// The palette over any page: what the page /find answers, taken as one types. Arrows choose, Enter goes.
export function startPalette() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-open]");
    if (opener && !event.metaKey && !event.ctrlKey) {
      event.preventDefault();
      openDialog(opener.dataset.open);
    }
    if (event.target.nodeName === "DIALOG") event.target.close();
  });
  for (const opener of document.querySelectorAll("[data-open][hidden]")) opener.hidden = false;
  const palette = document.getElementById("palette");
  palette?.addEventListener("keydown", move);
  palette?.addEventListener("submit", go);
  palette?.addEventListener("htmx:after:init", (event) => { if (palette.open) askAtOnce(event.target); });
}

// What was opened before htmx was ready asks when it is.
function askAtOnce(input) {
  input.dispatchEvent(new Event("palette"));
}

export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return;
  document.querySelectorAll("dialog[open]").forEach((other) => other.close());
  const side = document.querySelector(".side:popover-open");
  if (side) side.hidePopover();
  dialog.showModal();
  const input = dialog.querySelector("input[type=search]");
  if (!input) return;
  input.select();
  askAtOnce(input);
}

function links() {
  return [...document.querySelectorAll("#palette-found a")];
}

function move(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const all = links();
  const next = all[(all.findIndex((link) => "chosen" in link.dataset) + step + all.length) % all.length];
  all.forEach((link) => delete link.dataset.chosen);
  if (!next) return;
  next.dataset.chosen = "";
  next.scrollIntoView({ block: "nearest" });
}

function go(event) {
  const target = links().find((link) => "chosen" in link.dataset) ?? links()[0];
  if (!target) return;
  event.preventDefault();
  target.click();
}
