// Tells the server whether the tab is in the background, where updates would be wasted.

/** @param page its OnVisibility(isVisible) is called after each change */
export function watch(page) {
  const tell = () => { page.invokeMethodAsync('OnVisibility', !document.hidden).catch(() => { /* disconnected: the server knows */ }); };
  document.addEventListener('visibilitychange', tell);
  document.documentElement.dataset.connection = 'open';
  if (document.hidden) tell();
  return { dispose: () => document.removeEventListener('visibilitychange', tell) };
}
