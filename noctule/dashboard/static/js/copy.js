// A copy button on every piece of code that somebody will want elsewhere.
export function startCopying() {
  if (!navigator.clipboard) return;
  for (const box of document.querySelectorAll("[data-copy]:not(:has(.copy))")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn copy";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(box.querySelector("code").textContent);
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
    box.append(button);
  }
}
