// Line charts over the last 15 minutes, in SVG. One time axis for all charts of a page: pointing at one points at all.

import { svg, el } from './dom.js';
import * as format from './format.js';
import { showTip, hideTip } from './tip.js';

export const SPAN = 900;

const LEFT = 46;
const RIGHT = 8;
const TOP = 8;
const BOTTOM = 20;
const NARROW = 360;

/** A chart of `series`: { key, label, color, kind: 'line' | 'thin' | 'area' | 'step' | 'dashed' }. */
export class Chart {
  #series;
  #unit;
  #svg;
  #points = [];
  #changes = [];
  #guide;
  #frame;

  constructor(label, series, { unit = (value) => format.rate(value), guide = null, isTall = false } = {}) {
    this.#series = series;
    this.#unit = unit;
    this.#guide = guide;
    this.#svg = svg('svg', { role: 'img', 'aria-label': label });
    this.node = el('div', { class: isTall ? 'chart tall' : 'chart' }, this.#svg);
    this.#svg.addEventListener('pointermove', (event) => this.#point(event));
    this.#svg.addEventListener('pointerleave', () => this.#unpoint());
  }

  draw(points, { changes = [], guide = null } = {}) {
    this.#points = points;
    this.#changes = changes;
    const { width, height } = this.#size();
    if (width === 0) return;
    const now = points.length > 0 ? points[points.length - 1].at : Date.now() / 1000;
    const top = niceTop(Math.max(guide ?? 0, ...points.map((point) => Math.max(...this.#series.map((one) => point[one.key] ?? 0)))));
    const x = (at) => LEFT + (1 - (now - at) / SPAN) * (width - LEFT - RIGHT);
    const y = (value) => TOP + (1 - value / top) * (height - TOP - BOTTOM);
    this.#frame = { x, y, now, width, height };
    this.#svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.#svg.replaceChildren(
      ...this.#axes(top, x, y, width),
      ...(guide ? [svg('line', { x1: LEFT, x2: width - RIGHT, y1: y(guide), y2: y(guide), class: 'cross' })] : []),
      ...this.#series.flatMap((one) => this.#path(one, x, y)),
      ...changes.filter((change) => now - change.at < SPAN).map((change) => this.#mark(change, x, y)),
      svg('line', { class: 'cross point', y1: TOP, y2: height - BOTTOM }));
  }

  #size() {
    const box = this.#svg.getBoundingClientRect();
    return { width: Math.round(box.width), height: Math.round(box.height) };
  }

  #axes(top, x, y, width) {
    const lines = [0, .5, 1].map((part) => part * top).flatMap((value) => [
      svg('line', { class: 'axis', x1: LEFT, x2: width - RIGHT, y1: y(value), y2: y(value) }),
      svg('text', { x: LEFT - 8, y: y(value) + 4, 'text-anchor': 'end' }, this.#unit(value).replace('.0', '')),
    ]);
    const bottom = y(0) + 15;
    const times = [[0, 'now', 'end'], [300, '5 min', 'middle'], [600, '10 min', 'middle'], [900, '15 min', 'start']].filter(([back]) => width > NARROW || back !== 600);
    return [...lines, ...times.map(([back, text, anchor]) => svg('text', { x: x(this.#nowOf() - back), y: bottom, 'text-anchor': anchor }, text))];
  }

  #nowOf() {
    return this.#points.length > 0 ? this.#points[this.#points.length - 1].at : Date.now() / 1000;
  }

  // A second of which nothing is known breaks the line: there is nothing between.
  #path(one, x, y) {
    const runs = [];
    let run = null;
    let last = null;
    for (const point of this.#points) {
      const value = point[one.key];
      if (value === null || value === undefined) continue;
      if (run === null || point.at - last > 5) runs.push((run = []));
      if (one.kind === 'step' && run.length > 0) run.push([x(point.at), run[run.length - 1][1]]);
      run.push([x(point.at), y(value)]);
      last = point.at;
    }
    return runs.flatMap((points) => {
      const line = points.map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`).join('L');
      const path = svg('path', { class: one.kind === 'thin' ? 'line thin' : 'line', d: `M${line}`, stroke: `var(--${one.color})`, 'stroke-dasharray': one.kind === 'dashed' ? '5 3' : null });
      if (one.kind !== 'area') return [path];
      const area = svg('path', { class: 'area', d: `M${points[0][0].toFixed(1)},${y(0)}L${line}L${points[points.length - 1][0].toFixed(1)},${y(0)}Z`, fill: `var(--${one.color})` });
      return [area, path];
    });
  }

  // Up and down differ in shape, not in colour alone.
  #mark(change, x, y) {
    const isUp = change.to > change.from;
    const [cx, cy] = [x(change.at), y(change.to)];
    const points = isUp ? `${cx},${cy - 6} ${cx - 5},${cy + 4} ${cx + 5},${cy + 4}` : `${cx},${cy + 6} ${cx - 5},${cy - 4} ${cx + 5},${cy - 4}`;
    const show = (event) => {
      event.stopPropagation();
      showTip(event.currentTarget.getBoundingClientRect(), [
        el('b', {}, `Limit ${change.from} → ${change.to}`), el('p', {}, sentence(change.why)),
        el('p', { class: 'soft' }, `${format.clock(change.at * 1000)}${change.qps === null || change.qps === undefined ? '' : `, at ${format.rate(change.qps)} good calls/s`}`)]);
    };
    const text = `Limit ${change.from} to ${change.to}: ${change.why}`;
    return svg('polygon', { class: `change ${isUp ? 'up' : 'down'}`, points, tabindex: -1, role: 'img', 'aria-label': text, onpointerenter: show, onpointermove: (event) => event.stopPropagation(), onfocus: show, onpointerleave: hideTip, onblur: hideTip });
  }

  #point(event) {
    if (!this.#frame || this.#points.length === 0) return;
    const box = this.#svg.getBoundingClientRect();
    const at = this.#frame.now - (1 - (event.clientX - box.left - LEFT) / (this.#frame.width - LEFT - RIGHT)) * SPAN;
    const nearest = this.#points.reduce((best, point) => (Math.abs(point.at - at) < Math.abs(best.at - at) ? point : best));
    const cross = this.#svg.lastElementChild;
    for (const end of ['x1', 'x2']) cross.setAttribute(end, this.#frame.x(nearest.at));
    cross.style.visibility = 'visible';
    const lines = this.#series.map((one) => el('div', {}, el('span', {}, one.label), el('span', {}, this.#unit(nearest[one.key] ?? null))));
    showTip({ left: event.clientX, right: event.clientX, top: box.top + 8, bottom: box.top + 8 }, [el('b', {}, format.clock(nearest.at * 1000)), ...lines]);
  }

  #unpoint() {
    hideTip();
    if (this.#svg.lastElementChild) this.#svg.lastElementChild.style.visibility = 'hidden';
  }
}

/** What the lines mean, beside the chart's title. */
export function legend(series) {
  return el('ul', { class: 'legend' }, series.map((one) => {
    const swatch = el('i', { class: one.kind === 'dashed' ? 'swatch dashed' : 'swatch' });
    swatch.style.borderTopColor = `var(--${one.color})`;
    return el('li', {}, swatch, one.label);
  }));
}

export const sentence = (text) => (text ? text[0].toUpperCase() + text.slice(1) : '');

function niceTop(value) {
  if (value < 1) return value <= 0 ? 2 : 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [2, 4, 6, 8, 10].map((step) => step * power).find((step) => step >= value * 1.08) ?? 20 * power;
}
