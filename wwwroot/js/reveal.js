// Brings what a link leads to into view.

/** Scrolls to an element and focuses it, so that keyboard and screen reader continue there. Returns whether it exists. */
export function reveal(id) {
  const element = document.getElementById(id);
  if (!element) return false;
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: 'start' });
  return true;
}

const MARKED_MS = 5000;
const POLL_MS = 50;

/**
 * Waits until a field is marked as wrong, in a dialog if one is open, scrolls to the first one and focuses it, unless the user does something first. Returns whether there is one.
 */
export async function revealMistake() {
  const stop = new AbortController();
  for (const kind of ['keydown', 'pointerdown']) addEventListener(kind, () => stop.abort(), { once: true, capture: true, signal: stop.signal });
  for (const until = performance.now() + MARKED_MS; performance.now() < until && !stop.signal.aborted; await new Promise(done => setTimeout(done, POLL_MS))) {
    const place = document.querySelector('.mud-dialog') ?? document.getElementById('content');
    const mark = place?.querySelector('[aria-invalid=true], .hint-error[role=alert]');
    const field = mark?.matches('input, textarea, select') ? mark : mark?.parentElement.querySelector('input, textarea, select, button');
    if (field) {
      stop.abort();
      field.focus({ preventScroll: true });
      field.scrollIntoView({ block: 'center' });
      return true;
    }
  }
  stop.abort();
  return false;
}
