// What holds for the whole cluster.

import { $, el, setText } from './dom.js';
import * as format from './format.js';

const TILES = [
  ['holders', 'Holders'], ['calls', 'Calls/s'], ['success', 'Success'], ['p50', 'p50'], ['p95', 'p95'], ['p99', 'p99'], ['used', 'Utilisation'], ['connections', 'Connections'],
];

const HOST_MARKS = { ready: '●', warming: '◐', draining: '◌', silent: '✕' };

export class Header {
  #tiles = new Map();

  constructor() {
    for (const [key, label] of TILES) this.#tiles.set(key, addTile($('cluster'), label, ['used', 'connections'].includes(key)));
  }

  update(cluster) {
    const clients = cluster.clients > 0 ? `${format.plural(cluster.clients, 'local client')}` : format.plural(cluster.hosts.length, 'host');
    this.#set('holders', format.count(cluster.holders), '', cluster.silent.length > 0 ? `${cluster.silent.length} silent` : clients, cluster.silent.length > 0);
    this.#set('calls', format.rate(cluster.calls), '', cluster.waiting > 0 ? `${format.count(cluster.waiting)} waiting` : 'none waiting', false, cluster.waiting > 0);
    const success = format.success(cluster.calls, cluster.failed);
    this.#set('success', format.percent(success), '', cluster.failed > 0 ? `${format.rate(cluster.failed)} failed/s` : 'none failed', success !== null && success < .99);
    for (const key of ['p50', 'p95', 'p99']) this.#set(key, ...split(format.time(cluster[key])), key === 'p50' ? 'response time' : '');
    const used = cluster.limit > 0 ? cluster.inFlight / cluster.limit : 0;
    this.#set('used', format.percent(used).replace(/\.\d+/, ''), '', `${format.count(cluster.inFlight)} in flight of ${format.count(cluster.limit)}`);
    this.#set('connections', format.count(cluster.connections), `of ${format.count(cluster.cap)}`, 'all endpoints');
    setMeter(this.#tiles.get('used'), used);
    setMeter(this.#tiles.get('connections'), cluster.cap > 0 ? cluster.connections / cluster.cap : 0);
    this.#hosts(cluster);
  }

  #set(key, value, unit, note, isBad = false, isWarn = false) {
    const tile = this.#tiles.get(key);
    setText(tile.value, value);
    setText(tile.unit, unit);
    setText(tile.note, note);
    tile.note.className = isBad ? 'note bad' : isWarn ? 'note warn' : 'note';
  }

  #hosts(cluster) {
    const all = [...cluster.hosts.map((host) => [host.state, host.name, `${host.name}: ${host.state}, version ${host.version}, since ${new Date(host.started).toLocaleString('en-GB')}`]), ...cluster.silent.map((host) => ['silent', host.name, host.why])];
    $('hosts').replaceChildren(...all.map(([state, name, title]) =>
      el('li', { title, class: state === 'silent' ? 'bad' : null }, `${HOST_MARKS[state]} `, el('b', {}, name), state === 'ready' ? '' : ` ${state}`)));
  }
}

/** A figure with its label; with a meter where it is part of something. */
export function addTile(holder, label, hasMeter = false) {
  const tile = { value: el('span'), unit: el('small'), note: el('div', { class: 'note' }), meter: hasMeter ? el('i') : null };
  holder.append(el('div', {}, el('dt', {}, label), el('dd', {}, tile.value, tile.unit), hasMeter ? el('span', { class: 'meter' }, tile.meter) : null, tile.note));
  return tile;
}

export function setMeter(tile, share) {
  tile.meter.style.width = `${Math.min(100, share * 100).toFixed(1)}%`;
}

export function split(text) {
  const at = text.lastIndexOf(' ');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
