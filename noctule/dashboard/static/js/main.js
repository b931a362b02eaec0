// What scripts add to pages that work without them.
import { startTheme } from "./theme.js";
import { startPolling } from "./poll.js";
import { addCopyButtons } from "./copy.js";

startTheme();
startPolling();
addCopyButtons();
document.querySelector("[data-focus]")?.focus();
