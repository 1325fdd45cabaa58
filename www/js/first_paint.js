// A classic script in the head: what the first paint must know, so that nothing is shown that is taken back at once.
(() => {
  const root = document.documentElement;
  // The place that the address names; the router takes over from here.
  const place = /^#\/([a-z]+)/.exec(location.hash);
  if (place) root.dataset.place = place[1];
  try {
    const theme = localStorage.getItem("digitlab.theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch {
    // Storage is closed to this page: the system's theme stays.
  }
})();
