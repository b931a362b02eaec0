// Ticks in a list; with Shift also all between this one and the last.
let last;

export function startPicks() {
  document.addEventListener("click", (event) => {
    const box = event.target.closest?.("[data-rows] .pick input");
    if (!box) return;
    const boxes = [...document.querySelectorAll("[data-rows] .pick input")];
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((one, other) => one - other);
    if (event.shiftKey && from >= 0) for (const between of boxes.slice(from, to)) between.checked = box.checked;
    last = box;
    countPicks();
  });
  // A label whose text gets marked ticks nothing.
  document.addEventListener("mousedown", (event) => {
    if (event.shiftKey && event.target.closest?.(".pick")) event.preventDefault();
  });
  addEventListener("pageshow", countPicks); // who comes back finds boxes as they were left
}

export function pickRow() {
  document.activeElement?.closest("[data-rows] tr")?.querySelector(".pick input")?.click();
}

export function reviewPicked() {
  if (!document.querySelector("[data-rows] .pick :checked")) return false;
  document.querySelector("#picked button").click();
  return true;
}

function countPicks() {
  const said = document.querySelector("[data-picked]");
  if (said) said.textContent = `${document.querySelectorAll("[data-rows] .pick :checked").length} ticked`;
}
