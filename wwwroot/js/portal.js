// Browser functions used by the layout.

export const read = () => window.perfportal.apply();

/** Stores a preference and returns the resulting theme. */
export const save = (name, value) => window.perfportal.save(name, value).shown;

/** Copies text to the clipboard; uses a selection if the page is not a secure context. */
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
