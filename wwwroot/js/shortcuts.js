// Keyboard shortcuts. Ignored while the user types and while a dialog is open. Table rows are navigated here because a
// server round trip for every arrow key would be noticeable.

import { returnFocus } from './dialog.js';

const GO_TIMEOUT_MS = 1500;
const RETURN_TIMEOUT_MS = 5000;
const RETURN_STABLE_MS = 500;
const RETURN_POLL_MS = 50;

const isTyping = target => target instanceof Element
  && (target.closest('input, textarea, select, [contenteditable=""], [contenteditable="true"]') !== null);

/** Moves the focus between table rows, or between the bars of a timeline, and opens one. Returns whether the key was handled. A row is focused as a whole or by its link. */
function walkRows(event) {
  const row = event.target instanceof Element ? event.target.closest('[data-row]') : null;
  if (!row) return false;
  if (event.key === 'Enter' && event.target === row && row.matches('tr')) {
    (row.querySelector('a[data-open]') ?? row).click();
    return true;
  }
  const bars = row.closest('[data-walk]');
  const rows = [...(bars ?? row.closest('tbody')).querySelectorAll('[data-row]')];
  const at = rows.indexOf(row);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1, ...(bars && { ArrowRight: at + 1, ArrowLeft: at - 1 }) }[event.key];
  if (next === undefined || !rows[next]) return false;
  focusRow(rows[next]);
  return true;
}

function focusRow(row) {
  for (const other of row.closest('[data-walk], tbody').querySelectorAll('[data-row]')) other.tabIndex = other === row ? 0 : -1;
  row.focus();
}

const leftKey = () => 'left:' + location.pathname + location.search;

/** Remembers the row that is opened, so that Back can return to it. */
function rememberRow(event) {
  const row = event.target instanceof Element ? event.target.closest('tr') : null;
  const link = row?.querySelector('a[data-open]');
  if (link && !event.target.closest('button')) sessionStorage.setItem(leftKey(), link.getAttribute('href').split('?')[0]);
}

/** After Back, waits for the row that was left and focuses it, unless the user does something first. */
function returnToRow() {
  const path = sessionStorage.getItem(leftKey());
  if (!path) return;
  const stop = new AbortController();
  for (const kind of ['keydown', 'pointerdown', 'wheel']) addEventListener(kind, () => stop.abort(), { once: true, capture: true, signal: stop.signal });
  const until = performance.now() + RETURN_TIMEOUT_MS;
  let focusedAt = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    const link = [...document.querySelectorAll('a[data-open]')].find(e => e.getAttribute('href').split('?')[0] === path);
    if (stop.signal.aborted || now > until || (focusedAt && now > focusedAt + RETURN_STABLE_MS)) {
      clearInterval(timer);
      stop.abort();
    } else if (link && !(document.activeElement.closest('[data-row]')?.contains(link) || link.contains(document.activeElement))) {
      // The router focuses the heading of a new page, possibly after the row has appeared.
      focusedAt ||= now;
      focusRow(link.closest('[data-row]') ?? link);
    }
  }, RETURN_POLL_MS);
}

function focusFilter() {
  const filter = [...document.querySelectorAll('[data-filter]')].find(e => e.offsetParent !== null);
  const field = filter?.matches('input') ? filter : filter?.querySelector('input');
  field?.focus();
  field?.select();
  return field !== undefined && field !== null;
}

/** Moves the focus to the link or button of the latest message. Returns whether there is one. */
function focusNotice() {
  const control = [...document.querySelectorAll('.mud-snackbar')].map(e => e.querySelector('a[href], .mud-snackbar-content-action button')).findLast(e => e);
  control?.focus();
  return control !== undefined;
}

/**
 * Attaches the keyboard listener to the document.
 * @param portal the layout; its OnShortcut(name) is called with 'palette', 'range', 'pause', 'help' or 'go:/path'
 * @param places map from the key after g to the path, such as { d: '/' }
 */
export function attach(portal, places) {
  window.perfportal?.interactive?.();
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
    else if (key === 'n' && focusNotice()) event.preventDefault();
    else if (key === '/' && focusFilter()) event.preventDefault();
  };

  const stop = new AbortController();
  returnFocus(stop.signal);
  document.addEventListener('keydown', onKey);
  document.addEventListener('click', rememberRow, { capture: true });
  addEventListener('popstate', returnToRow);
  if (performance.getEntriesByType('navigation')[0]?.type === 'back_forward') returnToRow();
  return {
    dispose: () => {
      stop.abort();
      document.removeEventListener('keydown', onKey);
      document.removeEventListener('click', rememberRow, { capture: true });
      removeEventListener('popstate', returnToRow);
    },
  };
}
