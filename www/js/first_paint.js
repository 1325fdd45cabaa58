// A classic script in the head: what the first paint must know, so that nothing is shown that is taken back at once,
// and what may be asked for only after it.
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

  // More bytes than everything else that the first picture needs: the words to read come before it, on a slow line, too.
  new PerformanceObserver((_, observer) => {
    observer.disconnect();
    const engine = document.createElement("link");
    Object.assign(engine, { rel: "preload", href: "engine_bg.wasm", as: "fetch", type: "application/wasm", crossOrigin: "anonymous" });
    document.head.append(engine);
  }).observe({ type: "paint", buffered: true });
})();
