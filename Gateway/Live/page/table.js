// The table of endpoints. Rows are kept and changed in place; what is out of sight is laid out by the browser only when it comes into sight.

import { $, el, svg, setText, setAttribute } from './dom.js';
import * as format from './format.js';

export const STATES = {
  failing: ['✕', 'calls fail'],
  held: ['‖', 'an operator holds calls back'],
  pressed: ['▲', 'calls wait, or an address is out'],
  well: ['●', 'calls go well'],
  resting: ['○', 'no calls now'],
};

const KEYS = {
  name: (row) => row.name.toLowerCase(),
  used: (row) => -connections(row) / Math.max(1, row.cap),
  limit: (row) => -(row.limit ? row.inFlight / row.limit : 0),
  waiting: (row) => -row.waiting,
  calls: (row) => -row.calls,
  success: (row) => format.success(row.calls, row.failed) ?? 2,
  p99: (row) => -(row.p99 ?? 0),
};

const TRAIL_STEP = 15;

export const connections = (row) => row.idle + row.busy + row.connecting + row.draining;

export class Table {
  #rows = new Map();
  #nodes = new Map();
  #trails = new Map();
  #order = [];
  #shown = [];
  #filter = '';
  #sort = 'name';
  #isReversed = false;
  #chosen = null;
  #open;

  constructor(open) {
    this.#open = open;
    for (const head of document.querySelectorAll('[data-sort]')) head.addEventListener('click', () => this.#sortBy(head.dataset.sort));
    $('rows').addEventListener('click', (event) => this.#click(event));
    $('rows').addEventListener('focusin', (event) => this.#choose(event.target.closest('.row')?.dataset.name));
    $('filter').addEventListener('input', (event) => this.filter(event.target.value));
    this.#markSort();
  }

  row(name) {
    return this.#rows.get(name);
  }

  update({ isWhole, rows, gone, trails }) {
    if (isWhole) this.#replace(rows, trails ?? {});
    for (const row of rows) this.#rows.set(row.name, row);
    for (const name of gone ?? []) this.#drop(name);
    this.#follow();
    for (const row of isWhole ? this.#rows.values() : rows) this.#paint(row);
    const isMoved = isWhole || rows.some((row) => !this.#order.includes(row.name)) || (gone ?? []).length > 0;
    if (isMoved || this.#sort !== 'name') this.#arrange();
  }

  filter(text) {
    this.#filter = text.trim().toLowerCase();
    this.#arrange();
  }

  /** Moves the choice by so many rows, and the focus with it. */
  move(by) {
    if (this.#shown.length === 0) return;
    const at = this.#shown.indexOf(this.#chosen);
    const to = at < 0 ? (by > 0 ? 0 : this.#shown.length - 1) : Math.min(this.#shown.length - 1, Math.max(0, at + by));
    this.focus(this.#shown[to]);
  }

  focus(name) {
    const node = this.#nodes.get(name);
    if (!node) return;
    this.#choose(name);
    node.root.focus({ preventScroll: true });
    node.root.scrollIntoView({ block: 'nearest' });
  }

  get first() {
    return this.#shown[0];
  }

  get chosen() {
    return this.#chosen;
  }

  #replace(rows, trails) {
    const names = new Set(rows.map((row) => row.name));
    for (const name of [...this.#rows.keys()]) if (!names.has(name)) this.#drop(name);
    this.#trails = new Map(Object.entries(trails).map(([name, steps]) => [name, { steps, at: Date.now() / 1000 }]));
  }

  #drop(name) {
    this.#rows.delete(name);
    this.#nodes.get(name)?.root.remove();
    this.#nodes.delete(name);
  }

  // The trail goes on while the page is open: a step more each 15 s.
  #follow() {
    const now = Date.now() / 1000;
    for (const [name, trail] of this.#trails) {
      const limit = this.#rows.get(name)?.limit;
      if (!limit) continue;
      if (now - trail.at >= TRAIL_STEP) {
        trail.steps = [...trail.steps.slice(1), limit];
        trail.at = now;
        this.#paintTrail(name);
      }
    }
  }

  #paint(row) {
    const node = this.#nodes.get(row.name) ?? this.#make(row);
    const [state, why] = stateOf(row);
    setText(node.mark, STATES[state][0]);
    setAttribute(node.mark, 'data-state', state);
    setAttribute(node.mark, 'title', why);
    setAttribute(node.mark, 'aria-label', why);
    setText(node.note, noteOf(row));
    paintStack(node.stack, row);
    setText(node.used, `${connections(row)} / ${row.cap}`);
    setText(node.inFlight, format.count(row.inFlight));
    setText(node.limit, ` / ${row.mode === 'off' ? 'off' : format.count(row.limit)}`);
    setAttribute(node.limit.parentNode, 'title', `Limit: ${row.why}`);
    setText(node.waiting, row.waiting > 0 ? format.count(row.waiting) : '–');
    setText(node.oldest, row.waiting > 0 ? ` ${format.time(row.oldestWaitMs)}` : '');
    setAttribute(node.waiting.parentNode, 'class', row.waiting > 0 ? 'cell num warn' : 'cell num soft');
    setText(node.calls, row.calls > 0 ? format.rate(row.calls) : '–');
    const success = format.success(row.calls, row.failed);
    setText(node.success, format.percent(success));
    setAttribute(node.success, 'class', success !== null && success < .99 ? 'cell num bad' : 'cell num');
    setText(node.times, row.p99 === undefined ? '–' : `${format.time(row.p50)} / `);
    setText(node.p99, row.p99 === undefined ? '' : format.time(row.p99));
    if (!node.hasTrail) this.#paintTrail(row.name);
  }

  #make(row) {
    const node = {
      mark: el('span', { class: 'mark', role: 'img' }),
      note: el('small'),
      stack: el('span', { class: 'stack', role: 'img' }),
      used: el('span', { class: 'num' }),
      inFlight: el('span'),
      limit: el('small'),
      trail: svg('svg', { class: 'spark', viewBox: '0 0 112 28', preserveAspectRatio: 'none', 'aria-hidden': 'true' }),
      waiting: el('span'),
      oldest: el('small'),
      calls: el('span', { class: 'cell num', role: 'gridcell', 'data-unit': 'calls/s' }),
      success: el('span', { class: 'cell num', role: 'gridcell' }),
      times: el('small'),
      p99: el('span'),
    };
    node.root = el('div', { class: 'row', role: 'row', tabindex: -1, 'data-name': row.name },
      el('div', { class: 'name', role: 'gridcell' }, node.mark, el('div', {}, el('a', { href: `#/e/${encodeURIComponent(row.name)}`, tabindex: -1, title: row.name }, row.name), node.note)),
      el('div', { class: 'cell pool', role: 'gridcell' }, node.stack, node.used),
      el('span', { class: 'cell num', role: 'gridcell', 'data-unit': 'in flight' }, node.inFlight, node.limit),
      el('span', { class: 'cell trail', role: 'gridcell' }, node.trail),
      el('span', { class: 'cell num', role: 'gridcell', 'data-unit': 'waiting' }, node.waiting, node.oldest),
      node.calls,
      node.success,
      el('span', { class: 'cell num', role: 'gridcell' }, node.times, node.p99));
    this.#nodes.set(row.name, node);
    return node;
  }

  #paintTrail(name) {
    const node = this.#nodes.get(name);
    const steps = this.#trails.get(name)?.steps;
    if (!node || !steps) return;
    node.hasTrail = true;
    const top = Math.max(...steps) * 1.15;
    let d = '';
    let last = null;
    steps.forEach((limit, step) => {
      if (limit === 0) return;
      const [x, y] = [(step / (steps.length - 1)) * 108 + 2, 26 - (limit / top) * 24];
      d += last === null ? `M${x.toFixed(1)},${y.toFixed(1)}` : `H${x.toFixed(1)}V${y.toFixed(1)}`;
      last = [x, y];
    });
    node.trail.replaceChildren(svg('path', { d }), ...(last ? [svg('circle', { cx: last[0], cy: last[1], r: 2 })] : []));
  }

  #arrange() {
    const key = KEYS[this.#sort];
    const byName = (one, other) => (one.name.toLowerCase() < other.name.toLowerCase() ? -1 : 1);
    const sorted = [...this.#rows.values()].sort((one, other) => (key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : byName(one, other)));
    if (this.#isReversed) sorted.reverse();
    this.#order = sorted.map((row) => row.name);
    this.#shown = this.#order.filter((name) => name.toLowerCase().includes(this.#filter));
    const holder = $('rows');
    const nodes = this.#shown.map((name) => this.#nodes.get(name).root);
    // Only what stands elsewhere is moved: moving it takes its focus away.
    if (nodes.length !== holder.children.length || nodes.some((node, at) => holder.children[at] !== node)) this.#place(holder, nodes);
    this.#tell();
  }

  #place(holder, nodes) {
    const focused = document.activeElement?.closest?.('.rows .row')?.dataset.name;
    holder.replaceChildren(...nodes);
    if (focused && this.#shown.includes(focused)) this.#nodes.get(focused).root.focus({ preventScroll: true });
    if (!this.#shown.includes(this.#chosen)) this.#chosen = null;
    this.#choose(this.#chosen ?? this.#shown[0], true);
  }

  #tell() {
    const [all, shown] = [this.#rows.size, this.#shown.length];
    setText($('count'), all === shown ? format.count(all) : `${shown} of ${all}`);
    $('none').hidden = shown > 0;
    $('grid').hidden = shown === 0;
    setText($('none'), all === 0 ? 'No endpoint is configured. docs/options.md says how to add one.' : `No endpoint has “${$('filter').value.trim()}” in its name. Esc clears the filter.`);
  }

  // One row can be reached by Tab; arrows go on from there.
  #choose(name, isQuiet = false) {
    if (!name) return;
    for (const node of this.#nodes.values()) if (node.root.tabIndex === 0) node.root.tabIndex = -1;
    const node = this.#nodes.get(name);
    if (node) node.root.tabIndex = 0;
    if (!isQuiet) this.#chosen = name;
  }

  #click(event) {
    const name = event.target.closest('.row')?.dataset.name;
    if (name === undefined || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.#chosen = name;
    this.#open(name);
  }

  #sortBy(key) {
    this.#isReversed = this.#sort === key && !this.#isReversed;
    this.#sort = key;
    this.#markSort();
    this.#arrange();
  }

  #markSort() {
    for (const head of document.querySelectorAll('[data-sort]')) {
      if (head.dataset.sort !== this.#sort) head.removeAttribute('aria-sort');
      // Names begin at A; of numbers the largest come first.
      else head.setAttribute('aria-sort', (this.#sort === 'name') !== this.#isReversed ? 'ascending' : 'descending');
    }
  }
}

/** Idle, busy, connecting, draining of the cap, and where the shares end. */
export function paintStack(stack, row) {
  const scale = Math.max(1, row.cap, connections(row));
  const parts = [['busy', row.busy], ['idle', row.idle], ['connecting', row.connecting], ['draining', row.draining]];
  if (stack.children.length === 0) stack.append(...parts.map(([kind]) => el('i', { class: kind })), el('i', { class: 'tick' }));
  parts.forEach(([, number], at) => width(stack.children[at], (number / scale) * 100));
  const left = `calc(${(Math.min(1, row.share / scale) * 100).toFixed(2)}% - 1px)`;
  if (stack.lastChild.style.left !== left) stack.lastChild.style.left = left;
  const text = `${row.busy} busy, ${row.idle} idle, ${row.connecting} connecting, ${row.draining} draining; share ${row.share}, cap ${row.cap}`;
  setAttribute(stack, 'title', text);
  setAttribute(stack, 'aria-label', text);
}

export function stateOf(row) {
  const success = format.success(row.calls, row.failed);
  const isDown = row.addresses > 0 && row.addressesOut === row.addresses;
  if (row.held) return ['held', `${row.held} by an operator`];
  if (isDown) return ['failing', 'no address can be used'];
  if (success !== null && success < .99) return ['failing', `${format.percent(1 - success)} of the calls fail`];
  if (row.waiting > 0) return ['pressed', `${format.plural(row.waiting, 'call waits', 'calls wait')}`];
  if (row.addressesOut > 0) return ['pressed', `${row.addressesOut} of ${row.addresses} addresses get no calls`];
  return row.calls > 0 || row.inFlight > 0 ? ['well', STATES.well[1]] : ['resting', STATES.resting[1]];
}

function noteOf(row) {
  const out = row.addressesOut > 0 ? `, ${row.addressesOut} of ${row.addresses} out` : '';
  return `${row.protocol}${row.held ? `, ${row.held}` : ''}${row.mode === 'observe' ? ', limit observed' : ''}${out}`;
}

function width(node, percent) {
  const text = `${percent.toFixed(2)}%`;
  if (node.style.width !== text) node.style.width = text;
}
