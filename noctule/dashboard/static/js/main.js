// What scripts add to pages that work without them. Listeners stand on the document, so what is exchanged later has them too.
import { startTheme } from "./theme.js";
import { startPolling } from "./poll.js";
import { startListening } from "./live.js";
import { startCopying } from "./copy.js";
import { startPalette } from "./palette.js";
import { showKeys, startKeys } from "./keys.js";
import { startMenus } from "./menus.js";
import { startPicks } from "./picks.js";
import { startCharts } from "./chart.js";
import { startSwaps } from "./swap.js";

const parts = [startTheme, startPolling, startListening, startCopying, showKeys];
for (const start of parts) start();
startPalette();
startKeys();
startMenus();
startPicks();
startCharts();
startSwaps(() => parts.forEach((start) => start()));
document.querySelector("[data-focus]")?.focus();
