// Text fields marked data-typing own their text while focused: on a slow link the server's answer to an earlier key would replace what has been typed since.
// And text that is typed before the page is interactive moves, with focus and caret, to the field that replaces the prerendered one.
(() => {
  'use strict';
  const OWNED = 'input[data-typing]';
  const FIELDS = 'input, textarea';
  const text = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value');
  const nameOf = field => field.getAttribute('aria-label') ?? field.labels?.[0]?.textContent.trim() ?? field.name;
  let isInteractive = false;
  let kept = null;

  const own = field => Object.defineProperty(field, 'value', {
    configurable: true,
    get() { return text.get.call(this); },
    set(value) { if (document.activeElement !== this) text.set.call(this, value); },
  });

  const keep = event => {
    const field = event.target;
    if (!(field instanceof Element) || !field.matches(FIELDS)) return;
    if (event.type === 'focusin' && field.matches(OWNED)) own(field);
    if (!isInteractive) kept = { field, name: nameOf(field) };
  };

  const restore = () => {
    if (!kept || kept.field.isConnected) return;
    const { field: left, name } = kept;
    const found = [...document.querySelectorAll(FIELDS)].find(field => nameOf(field) === name && field.type === left.type);
    if (!found) return;
    kept = { field: found, name };
    const isTyping = document.activeElement === document.body;
    if (found.value !== left.value) {
      found.value = left.value;
      found.dispatchEvent(new Event('input', { bubbles: true }));
    }
    if (!isTyping) return;
    found.focus();
    found.setSelectionRange?.(left.selectionStart, left.selectionEnd);
  };

  const observer = new MutationObserver(restore);
  document.addEventListener('focusin', keep);
  document.addEventListener('input', keep);
  document.addEventListener('DOMContentLoaded', () => observer.observe(document.body, { childList: true, subtree: true }));

  // Called when the page has become interactive; from then on its elements are updated, not replaced.
  window.perfportal.interactive = () => {
    restore();
    observer.disconnect();
    isInteractive = true;
    document.documentElement.dataset.interactive = '';
  };
})();
