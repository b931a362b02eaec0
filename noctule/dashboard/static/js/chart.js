// The crosshair of a chart. The table beside the drawing is where it reads; arrow keys move it, Escape takes it away.
export function startCharts() {
  document.addEventListener("pointermove", (event) => {
    const area = event.target.closest?.(".area");
    const chart = area?.closest("[data-chart]");
    for (const other of document.querySelectorAll("[data-chart]")) if (other !== chart && !other.matches(":focus-visible")) hide(other);
    if (!chart) return;
    const box = area.getBoundingClientRect();
    show(chart, Math.round((event.clientX - box.left) / box.width * (rowsOf(chart).length - 1)));
  }, { passive: true });
  document.addEventListener("focusout", (event) => { if (event.target.matches?.("[data-chart]")) hide(event.target); });
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches?.("[data-chart]")) return;
    const last = rowsOf(event.target).length - 1, at = Number(event.target.dataset.at ?? last + 1);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
    if (event.key === "Escape") hide(event.target);
    if (to === undefined) return;
    event.preventDefault();
    show(event.target, Math.max(0, Math.min(last, to)));
  });
}

function rowsOf(chart) {
  return chart.querySelectorAll(".twin tbody tr");
}

function show(chart, at) {
  const row = rowsOf(chart)[at];
  if (!row) return;
  const heads = chart.querySelectorAll(".twin thead th");
  const cross = chart.querySelector(".cross"), tip = chart.querySelector(".tip");
  const place = `${at / Math.max(rowsOf(chart).length - 1, 1) * 100}%`;
  chart.dataset.at = at;
  cross.hidden = tip.hidden = false;
  cross.style.left = tip.style.left = place;
  tip.classList.toggle("flip", parseFloat(place) > 60);
  tip.replaceChildren(...[...row.children].map((cell, column) => line(cell, column ? heads[column] : null)));
}

function line(cell, head) {
  const part = document.createElement(head ? "span" : "b");
  if (head) part.append(`${head.textContent} `);
  const value = document.createElement("i");
  value.textContent = cell.textContent;
  part.append(head ? value : cell.textContent);
  return part;
}

function hide(chart) {
  for (const part of chart.querySelectorAll(".cross, .tip")) part.hidden = true;
}
