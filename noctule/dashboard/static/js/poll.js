// Keeps a part of a page fresh while it says data-poll; what the other data-poll-… say, docs/pages.md tells. Nothing moves
// under a hand: what a moving pointer is over, a chart that is being read and a list with ticks wait.
import { isLive } from "./live.js";

const FIRST_MS = 2000, LONGEST_MS = 10000, LIVE_MS = 60000, STILL_MS = 1000;
const kept = new WeakSet();
let moved = 0;
document.addEventListener("pointermove", () => { moved = Date.now(); }, { passive: true });

export function startPolling() {
  for (const part of document.querySelectorAll("[data-poll][id]")) if (!kept.has(part)) keepFresh(part);
}

async function keepFresh(part) {
  kept.add(part);
  let held = false; // what was told meanwhile is asked for soon after
  for (let ms = FIRST_MS; part.dataset.poll && part.isConnected; ms = Math.min(ms * 1.02, LONGEST_MS)) {
    await pause(ms, Number(part.dataset.pollLeast ?? 0), held || "pollUntold" in part.dataset);
    held = isHeld(part);
    if (!held) await refresh(part);
  }
  kept.delete(part);
}

// Ends early when the server says that something has changed. Who is told of changes need not ask as often.
function pause(ms, least, untold) {
  return new Promise((done) => {
    const began = Date.now();
    let told = false;
    const end = () => {
      clearInterval(clock);
      for (const name of ["visibilitychange", "noctule:changed"]) document.removeEventListener(name, look);
      done();
    };
    const look = (event) => {
      told ||= event?.type === "noctule:changed";
      const waited = Date.now() - began;
      if (!document.hidden && (told ? waited >= least : waited >= (isLive() && !untold ? LIVE_MS : Math.max(ms, least)))) end();
    };
    const clock = setInterval(look, Math.min(ms, FIRST_MS));
    for (const name of ["visibilitychange", "noctule:changed"]) document.addEventListener(name, look);
  });
}

async function refresh(part) {
  const asked = part.dataset.poll;
  if (!asked) return;
  try {
    const answer = await fetch(asked, { credentials: "same-origin" });
    if (!answer.ok || answer.redirected || part.dataset.poll !== asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.getElementById(part.id);
    if (!found && "reload" in part.dataset) location.reload();
    if (!found) return;
    for (const also of (part.dataset.pollAlso ?? "").split(",").filter(Boolean)) take(document.querySelector(also), page.querySelector(also));
    take(part, found);
  } catch {
    // The server is away; it is asked again.
  }
}

// The element stays and its content changes: only so do screen readers hear of it. A clock that went on is no change.
// Who stood on a link or a box stands on it again.
function take(part, fresh) {
  if (!part || !fresh || isHeld(part)) return;
  if (!fresh.dataset.poll) delete part.dataset.poll;
  if (withoutTimes(part) === withoutTimes(fresh)) return;
  const stood = part.contains(document.activeElement) && placeOf(document.activeElement);
  const open = [...part.querySelectorAll("details")].map((box) => box.open);
  part.replaceChildren(...[...fresh.childNodes].map((node) => document.importNode(node, true)));
  window.htmx?.process(part);
  part.querySelectorAll("details").forEach((box, index) => { box.open = open[index] ?? false; });
  if (stood) part.querySelector(stood)?.focus({ preventScroll: true });
}

// Where somebody may stand while a part is exchanged.
function placeOf(at) {
  if (at.matches(".pick input")) return `[name="${CSS.escape(at.name)}"]`;
  return at.getAttribute("href") && `[href="${CSS.escape(at.getAttribute("href"))}"]`;
}

function isHeld(part) {
  const at = document.activeElement;
  const within = part !== at && part.contains(at) && !placeOf(at);
  const ticked = part.querySelector("[data-rows] :checked");
  return within || ticked || part.matches("[data-chart]:focus") || (part.matches(":hover") && Date.now() - moved < STILL_MS);
}

function withoutTimes(part) {
  return part.innerHTML.replace(/ open=""/g, "").replace(/<time.*?<\/time>/g, "");
}
