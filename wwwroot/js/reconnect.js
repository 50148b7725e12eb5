// Shows that the connection is lost and recovers automatically: if the server has discarded the circuit, the page reloads as
// soon as the server responds again. Until then no click leaves the page, which would only reach the browser's error page:
// the last link clicked is opened after the recovery.

const RETRY_MS = 3000;
const LOST = 'Connection lost. Reconnecting… The page shows the last received data.';
const GONE = 'The server is not responding. The page reloads as soon as it responds.';

const root = document.documentElement;
const banner = document.getElementById('components-reconnect-modal');
const text = banner?.querySelector('[data-text]');
let timer = 0;
let pending = null;

const isLost = () => root.dataset.connection === 'lost';

const say = message => {
  const all = pending === null ? message : `${message} The link that you clicked opens then.`;
  if (text && text.textContent !== all) text.textContent = all;
};

const respond = () => fetch(new URL('icons/favicon.svg', document.baseURI), { method: 'HEAD', cache: 'no-store' });

function leave() {
  if (pending === null) location.reload();
  else location.assign(pending);
}

async function reloadWhenBack() {
  clearTimeout(timer);
  try {
    if ((await respond()).status < 500) {
      leave();
      return;
    }
  } catch { /* still unavailable */ }
  timer = setTimeout(reloadWhenBack, RETRY_MS);
}

// Reconnecting cannot succeed when the session has ended, for example by signing out in another tab.
async function reloadWhenSignedOut() {
  try {
    if ((await respond()).status === 401) location.reload();
  } catch { /* unavailable: reconnecting goes on */ }
}

banner?.addEventListener('components-reconnect-state-changed', event => {
  switch (event.detail.state) {
    case 'show':
    case 'retrying':
      root.dataset.connection = 'lost';
      say(LOST);
      void reloadWhenSignedOut();
      break;
    case 'hide':
      root.dataset.connection = 'open';
      clearTimeout(timer);
      if (pending !== null) window.Blazor.navigateTo(pending);
      pending = null;
      break;
    case 'failed':
    case 'rejected':
    case 'paused':
    case 'resume-failed':
      root.dataset.connection = 'lost';
      say(GONE);
      void reloadWhenBack();
      break;
  }
});

// Before the framework's own listener, which would change the address and then ask the server for the page.
window.addEventListener('click', event => {
  const link = isLost() && event.target instanceof Element ? event.target.closest('a[href]') : null;
  if (link?.origin !== location.origin) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!link.hasAttribute('download')) pending = link.href;
  say(LOST);
  banner?.animate([{ opacity: 0.3 }, { opacity: 1 }], 400);
}, true);

window.addEventListener('submit', event => {
  if (!isLost()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

banner?.querySelector('button')?.addEventListener('click', async () => {
  try {
    if ((await respond()).status < 500) {
      leave();
      return;
    }
  } catch { /* unavailable: a reload would end on the browser's error page */ }
  say(GONE);
});
