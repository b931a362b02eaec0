// Hears from the server that something has changed, so that what polls asks at once, and else only now and then. While
// nobody looks nothing is open: a browser has few connections for one server. Where it cannot be heard, polling goes on.
const WAIT_MS = 1500;
let source = null, address = "";

export function isLive() {
  return source?.readyState === EventSource.OPEN;
}

export function startListening() {
  const wanted = document.querySelector("[data-live]")?.dataset.live ?? "";
  if (wanted !== address) { close(); address = wanted; }
  if (address && !source && !document.hidden) setTimeout(open, WAIT_MS);
}

document.addEventListener("visibilitychange", () => { if (document.hidden) close(); else startListening(); });

function open() {
  if (source || !address || document.hidden || !document.querySelector("[data-poll]")) return;
  source = new EventSource(address);
  const tell = () => document.dispatchEvent(new Event("noctule:changed"));
  source.addEventListener("changed", tell);
  source.addEventListener("open", tell); // what changed before we listened nobody told us
  source.addEventListener("error", () => { if (source?.readyState === EventSource.CLOSED) close(); });
}

function close() {
  source?.close();
  source = null;
}
