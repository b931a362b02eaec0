// Before the first paint, so that a chosen theme does not flash. Everything else waits.
try { if (localStorage.theme) document.documentElement.dataset.theme = localStorage.theme; } catch { /* storage is closed */ }
