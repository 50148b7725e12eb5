// Keyboard shortcuts. Ignored while the user types and while a dialog is open. Table rows are navigated here because a
// server round trip for every arrow key would be noticeable.

const GO_TIMEOUT_MS = 1500;

const isTyping = target => target instanceof Element
  && (target.closest('input, textarea, select, [contenteditable=""], [contenteditable="true"]') !== null);

/** Moves the focus between table rows, or between the bars of a timeline, and opens one. Returns whether the key was handled. */
function walkRows(event) {
  const row = event.target instanceof Element ? event.target.closest('[data-row]') : null;
  if (!row) return false;
  const bars = row.closest('[data-walk]');
  if (event.key === 'Enter' && event.target === row) {
    (row.querySelector('a[data-open]') ?? row).click();
    return true;
  }
  const rows = [...(bars ?? row.parentElement).querySelectorAll(bars ? '[data-row]' : ':scope > [data-row]')];
  const at = rows.indexOf(row);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1, ...(bars && { ArrowRight: at + 1, ArrowLeft: at - 1 }) }[event.key];
  if (next === undefined || !rows[next]) return false;
  for (const other of rows) other.tabIndex = other === rows[next] ? 0 : -1;
  rows[next].focus();
  return true;
}

function focusFilter() {
  const filter = [...document.querySelectorAll('[data-filter]')].find(e => e.offsetParent !== null);
  const field = filter?.matches('input') ? filter : filter?.querySelector('input');
  field?.focus();
  field?.select();
  return field !== undefined && field !== null;
}

/**
 * Attaches the keyboard listener to the document.
 * @param portal the layout; its OnShortcut(name) is called with 'palette', 'range', 'pause', 'help' or 'go:/path'
 * @param places map from the key after g to the path, such as { d: '/' }
 */
export function attach(portal, places) {
  let goUntil = 0;
  const tell = name => { portal.invokeMethodAsync('OnShortcut', name).catch(() => { /* the circuit is disconnected; the banner shows it */ }); };

  const onKey = event => {
    if (event.defaultPrevented || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      tell('palette');
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof Element && event.target.matches('[data-palette]') && ['ArrowUp', 'ArrowDown'].includes(event.key)) {
      event.preventDefault();
      return;
    }
    if (isTyping(event.target) || document.querySelector('.mud-dialog, .range-panel')) return;
    if (walkRows(event)) {
      event.preventDefault();
      return;
    }
    const key = event.key;
    if (goUntil > event.timeStamp) {
      goUntil = 0;
      const path = places[key];
      if (path) {
        event.preventDefault();
        tell('go:' + path);
        return;
      }
    }
    if (key === 'g') goUntil = event.timeStamp + GO_TIMEOUT_MS;
    else if (key === 't') { event.preventDefault(); tell('range'); }
    else if (key === 'p') tell('pause');
    else if (key === '?') { event.preventDefault(); tell('help'); }
    else if (key === '/' && focusFilter()) event.preventDefault();
  };

  document.addEventListener('keydown', onKey);
  return { dispose: () => document.removeEventListener('keydown', onKey) };
}
