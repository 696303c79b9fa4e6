// Before the first paint, so that a chosen theme does not flash.
try {
  const theme = localStorage.getItem('chatlake.theme');
  if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be off: the system's theme then.
}
