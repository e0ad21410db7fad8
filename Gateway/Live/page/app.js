// The console: which of its two pages is shown, what the keyboard does, and where each reading goes.

import { $, setText } from './dom.js';
import { Live } from './live.js';
import { Header } from './header.js';
import { Table } from './table.js';
import { Events } from './events.js';
import { Detail } from './detail.js';
import { startTheme } from './theme.js';
import { hideTip } from './tip.js';

startTheme();
const header = new Header();
const events = new Events();
const table = new Table((name) => { location.hash = `#/e/${encodeURIComponent(name)}`; });
let detail = null;
let endpoint = null;

const live = new Live({
  cluster(reading) {
    header.update(reading.cluster);
    table.update(reading);
    events.update(reading);
    detail?.row(table.row(endpoint));
    setText($('pulse').lastElementChild, 'live');
    $('pulse').dataset.state = 'live';
  },
  history: (reading) => detail?.history(reading),
  endpoint: (reading) => detail?.picture(reading),
  stale: tellStale,
});

function tellStale(seconds) {
  $('stale').hidden = seconds === 0;
  document.body.classList.toggle('is-stale', seconds > 0);
  if (seconds === 0) return;
  setText($('stale'), `No reading for ${seconds} s: what you see is old. The host has stopped, or cannot be reached; trying again.`);
  setText($('pulse').lastElementChild, 'stale');
  $('pulse').dataset.state = 'stale';
}

function route() {
  const before = endpoint;
  endpoint = location.hash.startsWith('#/e/') ? decodeURIComponent(location.hash.slice(4)) : null;
  hideTip();
  document.body.classList.toggle('at-endpoint', endpoint !== null);
  $('list').hidden = endpoint !== null;
  $('detail').hidden = endpoint === null;
  detail = endpoint === null ? null : new Detail(endpoint);
  detail?.row(table.row(endpoint));
  document.title = endpoint === null ? 'OrleansPool' : `${endpoint} · OrleansPool`;
  events.of(endpoint);
  live.open(endpoint);
  if (endpoint !== null) {
    scrollTo(0, 0);
    $('detail').querySelector('h1').focus({ preventScroll: true });
  } else if (before !== null) {
    table.focus(before);
  }
}

const KEYS = {
  '/': () => { if (endpoint === null) $('filter').focus(); },
  ArrowDown: () => table.move(1),
  ArrowUp: () => table.move(-1),
  PageDown: () => table.move(10),
  PageUp: () => table.move(-10),
  Home: () => table.move(-Infinity),
  End: () => table.move(Infinity),
  Enter: () => { if (table.chosen) location.hash = `#/e/${encodeURIComponent(table.chosen)}`; },
};

addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const isTyping = event.target === $('filter');
  if (event.key === 'Escape') return escape(isTyping);
  if (isTyping && event.key === 'Enter' && table.first) return void (location.hash = `#/e/${encodeURIComponent(table.first)}`);
  if (endpoint !== null || (isTyping && !event.key.startsWith('Arrow'))) return;
  const isOnRow = event.target === document.body || event.target.closest('.rows .row') || isTyping;
  if (!KEYS[event.key] || (event.key !== '/' && !isOnRow)) return;
  event.preventDefault();
  KEYS[event.key]();
});

function escape(isTyping) {
  if (endpoint !== null) {
    location.hash = '#/';
    return;
  }
  $('filter').value = '';
  table.filter('');
  if (isTyping) $('filter').blur();
}

addEventListener('hashchange', route);
route();
