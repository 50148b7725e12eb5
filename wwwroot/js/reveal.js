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
