// Small services that the layout asks of the browser.

export const read = () => window.perfportal.apply();

/** Keeps a preference and answers the theme that is shown after it. */
export const save = (name, value) => window.perfportal.save(name, value).shown;

/** Puts text on the clipboard; where the page is not a secure context, through a selection. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    area.className = 'visually-hidden';
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}

export function open(id) {
  const element = document.getElementById(id);
  if (!element) return;
  if (element instanceof HTMLDialogElement) {
    if (!element.open) element.showModal();
  } else if (!element.matches(':popover-open')) {
    element.showPopover();
  }
  element.querySelector('[data-autofocus]')?.focus();
}

export function close(id) {
  const element = document.getElementById(id);
  if (element instanceof HTMLDialogElement) element.close();
  else if (element?.matches(':popover-open')) element.hidePopover();
}
