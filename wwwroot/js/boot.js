// Runs before the first paint: applies the user's theme to the document and copies the preferences to a cookie, so that
// the server can prerender the next page with the right theme, clock and range. A classic script, because modules are deferred.
(() => {
  'use strict';
  const KEY = 'perfportal';
  const dark = window.matchMedia('(prefers-color-scheme: dark)');

  const read = () => {
    let kept = {};
    try { kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') ?? {}; } catch { /* storage disabled or invalid: use the defaults */ }
    return {
      theme: ['light', 'dark'].includes(kept.theme) ? kept.theme : 'system',
      clock: kept.clock === 'utc' ? 'utc' : 'local',
      rail: kept.rail === 'narrow' ? 'narrow' : 'wide',
      view: typeof kept.view === 'string' ? kept.view : null,
      lang: navigator.language ?? null,
      zone: Intl.DateTimeFormat().resolvedOptions().timeZone ?? null,
    };
  };

  const apply = () => {
    const now = read();
    now.shown = now.theme === 'system' ? (dark.matches ? 'dark' : 'light') : now.theme;
    const root = document.documentElement;
    if (root.dataset.theme !== now.shown) root.dataset.theme = now.shown;
    if (root.dataset.rail !== now.rail) root.dataset.rail = now.rail;
    const secure = location.protocol === 'https:' ? '; secure' : '';
    document.cookie = `${KEY}=${encodeURIComponent(JSON.stringify(now))}; path=/; max-age=31536000; samesite=lax${secure}`;
    return now;
  };

  const save = (name, value) => {
    try {
      const { theme, clock, rail, view } = { ...read(), [name]: value };
      localStorage.setItem(KEY, JSON.stringify({ theme, clock, rail, view }));
    } catch { /* the setting applies to this page only */ }
    return apply();
  };

  window.perfportal = { apply, save };
  dark.addEventListener('change', apply);
  // Paper is white, whatever the theme of the screen.
  window.addEventListener('beforeprint', () => { document.documentElement.dataset.theme = 'light'; });
  window.addEventListener('afterprint', apply);
  apply();
  // The server marks a document that it rendered without the cookie: the first visit. The page is requested once more, so that times
  // are in the browser's time zone from the start. Without cookies there is nothing to gain.
  if ('first' in document.documentElement.dataset && document.cookie.includes(`${KEY}=`)) location.reload();
})();
