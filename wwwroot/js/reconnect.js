// Shows that the connection is lost and recovers automatically: if the server has discarded the circuit, the page reloads as
// soon as the server responds again.

const banner = document.getElementById('components-reconnect-modal');
const text = banner?.querySelector('[data-text]');
const RETRY_MS = 3000;
let timer = 0;

const say = message => { if (text && text.textContent !== message) text.textContent = message; };

async function reloadWhenBack() {
  clearTimeout(timer);
  try {
    const answer = await fetch(new URL('icons/favicon.svg', document.baseURI), { method: 'HEAD', cache: 'no-store' });
    if (answer.status < 500) {
      location.reload();
      return;
    }
  } catch { /* still unavailable */ }
  timer = setTimeout(reloadWhenBack, RETRY_MS);
}

// Reconnecting cannot succeed when the session has ended, for example by signing out in another tab.
async function reloadWhenSignedOut() {
  try {
    const answer = await fetch(new URL('icons/favicon.svg', document.baseURI), { method: 'HEAD', cache: 'no-store' });
    if (answer.status === 401) location.reload();
  } catch { /* unavailable: reconnecting goes on */ }
}

banner?.addEventListener('components-reconnect-state-changed', event => {
  const root = document.documentElement;
  switch (event.detail.state) {
    case 'show':
    case 'retrying':
      root.dataset.connection = 'lost';
      say('Connection lost. Reconnecting… The page shows the last received data.');
      void reloadWhenSignedOut();
      break;
    case 'hide':
      delete root.dataset.connection;
      clearTimeout(timer);
      break;
    case 'failed':
    case 'rejected':
    case 'paused':
    case 'resume-failed':
      root.dataset.connection = 'lost';
      say('The server is not responding. The page reloads as soon as it responds.');
      void reloadWhenBack();
      break;
  }
});

banner?.querySelector('button')?.addEventListener('click', () => location.reload());
