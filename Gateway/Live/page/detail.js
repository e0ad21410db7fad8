// An endpoint's page: why its limit is what it is, its last 15 minutes, who holds what, its addresses, and what went wrong.

import { $, el, svg, setText } from './dom.js';
import * as format from './format.js';
import { Chart, SPAN, legend, sentence } from './chart.js';
import { addTile, setMeter, split } from './header.js';
import { STATES, paintStack, connections, stateOf } from './table.js';

const STAGES = ['route', 'admit', 'connect', 'send', 'await', 'receive'];
const HEAT_STEP = 15;
const HEAT_CELLS = SPAN / HEAT_STEP;

const FLIGHT = [{ key: 'limit', label: 'limit', color: 'accent', kind: 'step' }, { key: 'inFlight', label: 'in flight', color: 'good', kind: 'area' }];
const QUEUE = [{ key: 'waiting', label: 'calls waiting', color: 'warn', kind: 'area' }];
const CALLS = [{ key: 'calls', label: 'calls/s', color: 'busy', kind: 'area' }, { key: 'failed', label: 'failed/s', color: 'bad', kind: 'dashed' }];
const TIMES = [{ key: 'p50', label: 'p50', color: 'good', kind: 'line' }, { key: 'p99', label: 'p99', color: 'warn', kind: 'thin' }];

const ADDRESS_MARKS = { well: ['●', 'good'], probing: ['◐', 'warn'], ejected: ['✕', 'bad'], unreachable: ['✕', 'bad'] };

export class Detail {
  #name;
  #points = [];
  #changes = new Map();
  #heat = new Map();
  #picture = null;
  #parts;
  #flight = new Chart('Calls in flight and the limit over the last 15 minutes', FLIGHT, { unit: format.count, isTall: true });
  #calls = new Chart('Calls per second over the last 15 minutes', CALLS);
  #queue = new Chart('Calls waiting over the last 15 minutes', QUEUE, { unit: format.count });
  #times = new Chart('Response time over the last 15 minutes', TIMES, { unit: format.time });

  constructor(name) {
    this.#name = name;
    this.#parts = {
      state: el('span', { class: 'mark', role: 'img' }), protocol: el('span', { class: 'chip' }), why: el('p', { class: 'why' }), tiles: el('dl', { class: 'tiles', 'aria-label': 'Now' }),
      stack: el('span', { class: 'stack', role: 'img' }), holders: el('tbody'), addresses: el('div'), stages: el('ul', { class: 'stages', 'aria-label': 'Errors by stage' }), errors: el('div'), callers: el('div'),
    };
    this.#build();
    addEventListener('resize', () => this.#draw());
  }

  history(history) {
    const now = Date.now() / 1000;
    this.#points = history.ago.map((ago, at) => ({
      at: now - ago, calls: history.calls[at], failed: history.failed[at], inFlight: history.inFlight[at], waiting: history.waiting[at], limit: history.limit[at] || null, p50: history.p50[at], p99: history.p99[at],
    }));
    this.#heat = new Map(history.heat.map((row) => [row.holder, { cells: row.permits, at: now }]));
    this.#draw();
  }

  /** A second more. */
  row(row) {
    if (!row) return;
    const now = Date.now() / 1000;
    this.#points = [...this.#points, { at: now, calls: row.calls, failed: row.failed, inFlight: row.inFlight, waiting: row.waiting, limit: row.limit, p50: row.p50, p99: row.p99 }].filter((point) => now - point.at < SPAN);
    this.#now(row);
    this.#draw();
  }

  picture(picture) {
    this.#picture = picture;
    const now = Date.now() / 1000;
    for (const change of picture.changes) {
      const at = now - change.agoSeconds;
      this.#changes.set(this.#keyOf(change, at), { ...change, at });
    }
    for (const [key, change] of this.#changes) if (now - change.at > SPAN) this.#changes.delete(key);
    this.#holders(picture.holders);
    this.#addresses(picture.addresses);
    this.#errors(picture.errors, picture.leaks);
    this.#callers(picture.callers);
  }

  // The same change is told each second, its age rounded: whatever is within a second of one that is known is that one.
  #keyOf(change, at) {
    for (const [key, known] of this.#changes) if (known.from === change.from && known.to === change.to && Math.abs(known.at - at) < 1) return key;
    return `${change.from}>${change.to}@${at}`;
  }

  #build() {
    const parts = this.#parts;
    const tile = (label, meter) => addTile(parts.tiles, label, meter);
    Object.assign(parts, { limit: tile('In flight', true), calls: tile('Calls/s'), success: tile('Success'), p50: tile('p50'), p99: tile('p99'), waiting: tile('Waiting') });
    $('detail').replaceChildren(
      el('div', { class: 'title' }, el('a', { class: 'back', href: '#/' }, '←', el('span', {}, 'All')), parts.state, el('h1', { tabindex: -1 }, this.#name), parts.protocol),
      parts.why, parts.tiles,
      panel('Limit and calls in flight', [legend(FLIGHT), marksLegend()], this.#flight.node),
      el('div', { class: 'trio' }, panel('Calls', [legend(CALLS)], this.#calls.node), panel('Response time', [legend(TIMES)], this.#times.node), panel('Queue', [legend(QUEUE)], this.#queue.node)),
      panel('Holders', [el('small', {}, 'share of the limit over 15 minutes: the taller and stronger, the larger')], el('div', { class: 'scroll' }, el('table', { class: 'table' },
        el('thead', {}, el('tr', {}, el('th', {}, 'Holder'), el('th', { class: 'wide' }, 'Share'), th('Permits'), th('In flight'), th('Waiting'), th('Connections'), th('Ends in'))), parts.holders))),
      panel('Connections', [], parts.stack),
      el('div', { class: 'twin' }, panel('Addresses', [], parts.addresses), panel('Callers', [el('small', {}, 'with calls under way')], parts.callers)),
      panel('Errors of the last 15 minutes', [el('small', {}, 'by the stage at which calls ended')], parts.stages, parts.errors));
    this.#holders([]);
    this.#addresses([]);
    this.#errors([], []);
    this.#callers([]);
  }

  #now(row) {
    const parts = this.#parts;
    const [state, told] = stateOf(row);
    setText(parts.state, STATES[state][0]);
    parts.state.dataset.state = state;
    parts.state.setAttribute('aria-label', told);
    parts.state.title = told;
    setText(parts.protocol, row.protocol);
    parts.why.replaceChildren(...whyOf(row));
    set(parts.limit, [format.count(row.inFlight), `of ${format.count(row.limit)}`], 'permits in use');
    setMeter(parts.limit, row.limit ? row.inFlight / row.limit : 0);
    set(parts.calls, [format.rate(row.calls), ''], row.failed > 0 ? `${format.rate(row.failed)} failed/s` : 'none failed');
    set(parts.success, [format.percent(format.success(row.calls, row.failed)), ''], 'last 5 s');
    set(parts.p50, split(format.time(row.p50)), this.#picture?.baselineMs > 0 ? `${format.time(this.#picture.baselineMs)} unqueued` : '');
    set(parts.p99, split(format.time(row.p99)), 'last 5 to 10 s');
    set(parts.waiting, [format.count(row.waiting), ''], row.waiting > 0 ? `oldest ${format.time(row.oldestWaitMs)}` : 'nobody waits');
    paintStack(parts.stack, row);
    parts.stack.closest('.panel').querySelector('h2').replaceChildren('Connections', el('small', {},
      `${connections(row)} of ${row.cap}: ${row.busy} busy, ${row.idle} idle, ${row.connecting} connecting, ${row.draining} draining; shares of ${row.share}`));
  }

  #draw() {
    const changes = [...this.#changes.values()];
    this.#flight.draw(this.#points, { changes });
    this.#calls.draw(this.#points);
    this.#queue.draw(this.#points);
    this.#times.draw(this.#points, { guide: this.#picture?.baselineMs || null });
  }

  #holders(holders) {
    const now = Date.now() / 1000;
    for (const holder of holders) {
      const row = this.#heat.get(holder.name) ?? { cells: Array(HEAT_CELLS).fill(null), at: now - HEAT_STEP };
      const steps = Math.floor((now - row.at) / HEAT_STEP);
      if (steps > 0) Object.assign(row, { cells: [...row.cells, ...Array(steps).fill(holder.permits)].slice(-HEAT_CELLS), at: now });
      row.cells[HEAT_CELLS - 1] = holder.permits;
      this.#heat.set(holder.name, row);
    }
    const most = Math.max(1, ...[...this.#heat.values()].flatMap((row) => row.cells.map((cell) => cell ?? 0)));
    this.#parts.holders.replaceChildren(...(holders.length > 0 ? holders.map((holder) => holderRow(holder, this.#heat.get(holder.name).cells, most)) : [noneRow(7, 'Nobody holds a share yet.')]));
  }

  #addresses(addresses) {
    if (addresses.length === 0) return this.#parts.addresses.replaceChildren(none('No address is known: its host names do not resolve, or not yet.'));
    this.#parts.addresses.replaceChildren(el('div', { class: 'scroll' }, el('table', { class: 'table' },
      el('thead', {}, el('tr', {}, el('th', {}, 'Address'), el('th', {}, 'Health'), th('Weight'), th('Connections'), th('In flight'))),
      el('tbody', {}, addresses.map(addressRow)))));
  }

  #errors(errors, leaks) {
    this.#parts.stages.replaceChildren(...STAGES.map((stage) => {
      const number = errors.filter((error) => error.stage === stage).reduce((sum, error) => sum + error.count, 0);
      return el('li', { class: number > 0 ? 'hit' : null }, el('span', {}, stage), el('b', {}, format.count(number)));
    }));
    const rows = [...errors.map(errorRow), ...leaks.map(leakRow)];
    this.#parts.errors.replaceChildren(rows.length === 0 ? none('No call has gone wrong.') : el('div', { class: 'scroll' }, el('table', { class: 'table' },
      el('thead', {}, el('tr', {}, el('th', {}, 'Stage'), el('th', {}, 'What'), el('th', {}, 'Whose'), th('Times'), th('Last'))), el('tbody', {}, rows))));
  }

  #callers(callers) {
    this.#parts.callers.replaceChildren(callers.length === 0 ? none('Nobody has a call under way.') : el('table', { class: 'table' },
      el('thead', {}, el('tr', {}, el('th', {}, 'Caller'), th('In flight'), th('Waiting'))),
      el('tbody', {}, callers.map((caller) => el('tr', {}, el('td', {}, caller.caller), td(format.count(caller.inFlight)), td(format.count(caller.waiting)))))));
  }
}

function whyOf(row) {
  if (row.held) return [el('b', {}, sentence(row.held)), ' by an operator: calls wait, up to their deadlines, until it is resumed.'];
  if (row.mode === 'off') return ['No limit: calls go through up to the ', el('b', {}, format.count(row.limit)), ' that the cap’s connections carry.'];
  if (row.mode === 'observe') return ['The limit would be ', el('b', {}, format.count(row.observed)), `: ${row.why}. It is only observed.`];
  return row.limit === undefined ? [sentence(row.why), '.'] : ['The limit is ', el('b', {}, format.count(row.limit)), `: ${row.why}.`];
}

function holderRow(holder, cells, most) {
  const state = holder.isDead ? 'gone' : holder.isClient ? 'client' : null;
  return el('tr', {}, el('td', { class: 'who' }, holder.name, state ? el('small', {}, state) : null), el('td', { class: 'wide' }, heat(holder, cells, most)),
    td(format.count(holder.permits)), td(format.count(holder.inFlight)), td(format.count(holder.waiting)), td(format.count(holder.connections)), td(holder.secondsLeft > 0 ? `${holder.secondsLeft.toFixed(0)} s` : '–'));
}

// The larger the share, the taller and the stronger the cell.
function heat(holder, cells, most) {
  const text = `${holder.name}: ${holder.permits} permits now, at most ${Math.max(0, ...cells.map((cell) => cell ?? 0))} within 15 minutes`;
  return svg('svg', { class: 'heat', viewBox: `0 0 ${HEAT_CELLS} 18`, preserveAspectRatio: 'none', role: 'img', 'aria-label': text }, svg('title', {}, text), cells.map((cell, at) => {
    const part = cell === null ? 0 : cell / most;
    const height = 4 + part * 14;
    return svg('rect', { class: part > 0 ? 'cell' : 'void', x: at + .08, y: part > 0 ? 18 - height : 16, width: .84, height: part > 0 ? height : 2, 'fill-opacity': part > 0 ? (.3 + part * .7).toFixed(2) : null });
  }));
}

function addressRow(address) {
  const [glyph, tone] = ADDRESS_MARKS[address.state] ?? ADDRESS_MARKS.well;
  const seen = address.outAt > 0 && address.hosts > 1 ? ` at ${address.outAt} of ${address.hosts} hosts` : '';
  const since = address.outForSeconds > 0 ? `, for ${format.time(address.outForSeconds * 1000)}` : '';
  return el('tr', {}, el('td', {}, address.name), el('td', {}, el('span', { class: tone }, `${glyph} ${address.state}`), seen, since, address.why ? el('small', {}, address.why) : null),
    td(format.percent(address.weight).replace(/\.\d+/, '')), td(format.count(address.connections)), td(format.count(address.inFlight)));
}

function errorRow(error) {
  return el('tr', {}, el('td', {}, error.stage), el('td', {}, error.name, el('small', {}, error.detail)), el('td', {}, error.party), td(format.count(error.count)), td(format.ago(error.lastAgoSeconds)));
}

function leakRow(leak) {
  return el('tr', {}, el('td', {}, 'receive'), el('td', {}, `A lease held too long: ${leak.method}`, el('small', {}, `${leak.caller}, at ${leak.address}, trace ${leak.traceId}`)), el('td', {}, 'caller'), td('–'), td('now'));
}

function set(tile, [value, unit], note) {
  setText(tile.value, value);
  setText(tile.unit, unit);
  setText(tile.note, note);
}

function marksLegend() {
  return el('ul', { class: 'legend' }, el('li', {}, el('i', { class: 'glyph good' }, '▲'), 'raised'), el('li', {}, el('i', { class: 'glyph bad' }, '▼'), 'lowered'));
}

const panel = (title, beside, ...children) => el('section', { class: 'panel', 'aria-label': title }, el('h2', {}, title, ...beside), ...children);
const th = (text) => el('th', { class: 'num' }, text);
const td = (text) => el('td', { class: 'num' }, text);
const none = (text) => el('p', { class: 'empty' }, text);
const noneRow = (span, text) => el('tr', {}, el('td', { colspan: span, class: 'empty' }, text));
