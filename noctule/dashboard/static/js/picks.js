// Ticks in a list: how many, said aloud; with Shift also all between this one and the last.
let last;

export function startPicks() {
  document.addEventListener("click", (event) => {
    const box = event.target.closest?.("[data-rows] .pick input");
    if (!box) return;
    const boxes = [...document.querySelectorAll("[data-rows] .pick input")];
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((one, other) => one - other);
    if (event.shiftKey && from >= 0) for (const between of boxes.slice(from, to)) between.checked = box.checked;
    last = box;
    count(boxes);
  });
}

// The key for the row that has the focus.
export function pickRow() {
  document.activeElement?.closest("[data-rows] tr")?.querySelector(".pick input")?.click();
}

// What is ticked, if anything is.
export function reviewPicked() {
  if (!document.querySelector("[data-rows] .pick :checked")) return false;
  document.querySelector("#picked button").click();
  return true;
}

function count(boxes) {
  const said = document.querySelector("[data-picked]");
  if (said) said.textContent = `${boxes.filter((box) => box.checked).length} ticked`;
}
