// What htmx exchanges is a page of ours in another state. An answer that is none, such as signing in, is gone to in full.
export function startSwaps(again) {
  document.addEventListener("htmx:before:response", (event) => {
    const answer = event.detail.ctx.response.raw;
    if (answer.ok && !movedAway(answer, event.detail.ctx.request.action)) return;
    event.preventDefault();
    location.href = answer.url;
  });
  document.addEventListener("htmx:after:swap", (event) => {
    again();
    if (document.activeElement === document.body) document.querySelector("[open] [data-landing]")?.focus();
    if (event.detail?.ctx?.sourceElement?.closest?.(".pager, thead")) {
      document.getElementById("rows")?.scrollTo(0, 0);
      scrollTo(0, 0);
    }
  });
}

function movedAway(answer, asked) {
  return answer.redirected && new URL(answer.url).pathname !== new URL(asked, location.href).pathname;
}
