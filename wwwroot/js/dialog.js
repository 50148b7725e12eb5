// The focus of dialogs: on a field when one opens, and back where it was when it closes.

const OPENING_MS = 2000;
const CONTROLS = 'a, button, input, select, textarea';

/**
 * Focuses a field. On a slow link the dialog takes the focus itself, after the field got it: until the dialog has surely opened the field takes it back,
 * unless it is on another control of the dialog, or somebody clicks or finishes.
 */
export function focus(field) {
  const dialog = field.closest('[role=dialog]');
  const isControl = element => dialog?.contains(element) && element.matches(CONTROLS);
  if (!isControl(document.activeElement)) field.focus();
  const stop = new AbortController();
  setTimeout(() => stop.abort(), OPENING_MS);
  const options = { capture: true, signal: stop.signal };
  document.addEventListener('focusin', event => {
    if (field.isConnected && !isControl(event.target)) field.focus();
    else if (event.target !== field) stop.abort();
  }, options);
  document.addEventListener('pointerdown', () => stop.abort(), options);
  document.addEventListener('keydown', event => {
    if (event.key === 'Enter' || event.key === 'Escape') stop.abort();
  }, options);
}

/** Focuses the first field of the dialog that has just opened. */
export function focusFirst() {
  const field = [...document.querySelectorAll('[role=dialog]')].at(-1)?.querySelector('input, textarea, select');
  if (field) focus(field);
}

/**
 * Gives the focus back to the control that had it when a dialog was opened, if nothing has it once the dialog is gone: on a slow link the dialog notes that control
 * only when the focus is already inside of it.
 * @param signal ends this
 */
export function returnFocus(signal) {
  const DIALOG = '.mud-dialog-container';
  let outside = null;
  let watch = null;
  document.addEventListener('focusin', event => {
    if (!event.target.closest(DIALOG)) {
      outside = event.target;
    } else if (!watch) {
      watch = new MutationObserver(() => {
        if (document.querySelector(DIALOG)) return;
        watch.disconnect();
        watch = null;
        if (document.activeElement === document.body && outside?.isConnected) outside.focus();
      });
      watch.observe(document.body, { childList: true, subtree: true });
    }
  }, { capture: true, signal });
}
