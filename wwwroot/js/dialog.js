// The focus of a dialog that has just opened.

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
