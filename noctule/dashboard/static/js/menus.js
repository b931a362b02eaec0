// Menus are <details>: here they also close when one looks elsewhere.
export function startMenus() {
  document.addEventListener("click", (event) => closeOthers(event.target));
  document.addEventListener("focusin", (event) => closeOthers(event.target));
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest?.(".drop[open]");
    if (!menu) return;
    event.stopPropagation();
    menu.open = false;
    menu.querySelector("summary").focus();
  }, true);
}

function closeOthers(target) {
  for (const menu of document.querySelectorAll(".drop[open]")) if (!menu.contains(target)) menu.open = false;
}
