// A classic script in the head: the chosen theme must be set before the first paint.
(() => {
  try {
    const theme = localStorage.getItem("digitlab.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage is closed to this page: the system's theme stays.
  }
})();
