// What happened, the newest first.

import { $, el } from './dom.js';
import * as format from './format.js';

const KEPT = 100;

const LEVELS = { information: ['·', 'soft'], warning: ['▲', 'warn'], error: ['✕', 'bad'], critical: ['✕', 'bad'] };

export class Events {
  #all = [];
  #endpoint = null;

  update({ isWhole, events }) {
    if (!isWhole && events.length === 0) return;
    this.#all = (isWhole ? events : [...this.#all, ...events]).slice(-KEPT);
    this.#draw();
  }

  /** Those of one endpoint, or all. */
  of(endpoint) {
    this.#endpoint = endpoint;
    this.#draw();
  }

  #draw() {
    const shown = this.#all.filter((event) => this.#endpoint === null || event.endpoint === this.#endpoint).reverse();
    const none = this.#endpoint === null ? 'Nothing has happened since this host started.' : 'Nothing has happened to this endpoint lately.';
    $('events').replaceChildren(...(shown.length > 0 ? shown.map(line) : [el('li', { class: 'empty' }, none)]));
  }
}

function line(event) {
  const [glyph, tone] = event.kind === 'LimitChanged' ? [isUp(event.text) ? '△' : '▽', isUp(event.text) ? 'good' : 'warn'] : LEVELS[event.level] ?? LEVELS.information;
  return el('li', {},
    el('i', { class: tone, role: 'img', 'aria-label': event.level }, glyph),
    el('div', {},
      el('div', { class: 'when' }, el('span', {}, format.clock(event.at)), event.times > 1 ? el('span', {}, `${event.times} times`) : null, el('span', { title: event.host }, event.host)),
      el('p', {}, event.text)));
}

function isUp(text) {
  const [, from, to] = /limit (\d+) → (\d+)/.exec(text) ?? [];
  return Number(to) > Number(from);
}
