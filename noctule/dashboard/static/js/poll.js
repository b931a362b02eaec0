// Keeps a part of a page fresh while it waits: asks for the page again and takes the same part from it, until that part
// no longer says data-poll. Rests while nobody looks, and asks less often as time goes by.
const FIRST_MS = 1500, LONGEST_MS = 15000;

export function startPolling() {
  for (const part of document.querySelectorAll("[data-poll][id]")) wait(part, FIRST_MS);
}

function wait(part, ms) {
  setTimeout(async () => {
    if (!part.isConnected) return;
    const next = document.hidden ? part : await refresh(part);
    if (next?.dataset.poll) wait(next, Math.min(ms * 1.1, LONGEST_MS));
  }, ms);
}

async function refresh(part) {
  try {
    const answer = await fetch(part.dataset.poll, { credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return part;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(part.id);
    if ("reload" in part.dataset && !fresh) { location.reload(); return null; }
    if (!fresh) return part;
    const also = part.dataset.pollAlso;
    if (also) replace(document.querySelector(also), page.querySelector(also));
    return replace(part, fresh);
  } catch {
    return part; // the server is away; it is asked again
  }
}

function replace(old, fresh) {
  if (!old || !fresh || old.outerHTML === fresh.outerHTML) return old;
  const node = document.importNode(fresh, true);
  old.replaceWith(node);
  return node;
}
