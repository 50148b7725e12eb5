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

/** Scrolls to the first field that is marked as wrong, in a dialog if one is open, and focuses it. Returns whether there is one. */
export function revealMistake() {
  const place = document.querySelector('[role=dialog]') ?? document.getElementById('content') ?? document;
  const mark = place.querySelector('[aria-invalid=true], .hint-error[role=alert]');
  const field = mark?.matches('input, textarea, select') ? mark : mark?.parentElement.querySelector('input, textarea, select, button');
  if (!field) return false;
  field.focus({ preventScroll: true });
  field.scrollIntoView({ block: 'center' });
  return true;
}
