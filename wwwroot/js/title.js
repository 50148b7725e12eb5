// Keeps the number of unattended alerts in front of the page's title, such as "(2) Dashboard · PerfPortal".

/** Returns an object whose set(count) shows a number; 0 shows none. */
export function count() {
  let shown = 0;
  // The text is changed in place: the framework keeps a reference to it and replaces it on each page.
  const apply = () => {
    const text = [...document.querySelector('head > title')?.childNodes ?? []].find(node => node.nodeType === Node.TEXT_NODE && node.data);
    if (!text) return;
    const plain = text.data.replace(/^\(\d+\) /, '');
    const wanted = shown > 0 ? `(${shown}) ${plain}` : plain;
    if (text.data !== wanted) text.data = wanted;
  };
  const observer = new MutationObserver(apply);
  observer.observe(document.head, { childList: true, characterData: true, subtree: true });
  return { set: value => { shown = value; apply(); }, dispose: () => observer.disconnect() };
}
