// Light or dark by the system until somebody chooses. Called again for what is new on the page.
const root = document.documentElement;
const ready = new WeakSet();

export function startTheme() {
  for (const button of document.querySelectorAll("[data-theme-toggle]")) {
    button.hidden = false;
    listen(button, () => choose(isDark() ? "light" : "dark"));
  }
  for (const group of document.querySelectorAll("[data-themes]")) {
    group.hidden = false;
    for (const button of group.children) listen(button, () => choose(button.dataset.themeChoice));
  }
  show();
}

function listen(button, act) {
  if (ready.has(button)) return;
  ready.add(button);
  button.addEventListener("click", act);
}

function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function choose(theme) {
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  try {
    if (theme === "system") localStorage.removeItem("theme");
    else localStorage.theme = theme;
  } catch { /* not kept */ }
  show();
}

function show() {
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === (root.dataset.theme ?? "system")));
  }
}
