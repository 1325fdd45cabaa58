// Runs before each page that the server of the tests sends to a browser which reports nothing by itself.
(() => {
  const reports = (window[Symbol.for('digitlab.reports')] = []);
  const text = (value) => (value instanceof Error ? `${value}` : typeof value === 'string' ? value : JSON.stringify(value) ?? String(value));
  const report = (level, source, message) => reports.push({ level, source, message });
  for (const [name, level] of [['error', 'SEVERE'], ['warn', 'WARNING']]) {
    const own = console[name];
    console[name] = (...values) => {
      report(level, 'console-api', values.map(text).join(' '));
      own.apply(console, values);
    };
  }
  // That sizes are told a frame later is no fault, and other browsers' logs are silent of it.
  const later = 'ResizeObserver loop completed with undelivered notifications.';
  addEventListener('error', ({ message, error, filename }) => {
    if (message !== undefined && message !== later) report('SEVERE', 'javascript', `${error ?? message} ${filename}`);
  });
  addEventListener('unhandledrejection', ({ reason }) => report('SEVERE', 'javascript', text(reason)));
  addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
    report('SEVERE', 'security', `${effectiveDirective} of the content security policy forbids ${blockedURI}`));
})();
