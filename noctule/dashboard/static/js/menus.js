// Menus are <details>: here they also close when one looks elsewhere.
export function startMenus() {
  document.addEventListener("click", (event) => closeOthers(event.target));
  // A press on plain words of a menu moves the focus to what is around it; closing then would take them away under the press.
  document.addEventListener("focusin", (event) => closeOthers(event.target, (menu) => event.target.contains(menu)));
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest?.(".drop[open]");
    if (!menu) return;
    event.stopPropagation();
    menu.open = false;
    menu.querySelector("summary").focus();
  }, true);
}

function closeOthers(target, spared = () => false) {
  for (const menu of document.querySelectorAll(".drop[open]")) if (!menu.contains(target) && !spared(menu)) menu.open = false;
}
