// Numbers for people: as few digits as tell something, always as many in the same place.

const NONE = '–';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

export const count = (value) => (value === null || value === undefined ? NONE : whole.format(value));

export function rate(value) {
  if (value === null || value === undefined) return NONE;
  if (value >= 100_000) return `${(value / 1000).toFixed(0)}k`;
  if (value >= 100 || value === 0) return whole.format(value);
  return value.toFixed(1);
}

/** Milliseconds with their unit. */
export function time(ms) {
  if (ms === null || ms === undefined) return NONE;
  if (ms >= 10_000) return `${(ms / 1000).toFixed(0)} s`;
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms >= 100) return `${ms.toFixed(0)} ms`;
  return `${ms.toFixed(1)} ms`;
}

export function percent(share) {
  if (share === null || share === undefined || Number.isNaN(share)) return NONE;
  // Never rounded up to all: one failure in a million is one.
  if (share < 1 && share > .9999) return '>99.99 %';
  return `${(share * 100).toFixed(share === 1 || share === 0 ? 0 : share >= .1 ? 2 : 1)} %`;
}

export const success = (calls, failed) => (calls > 0 ? Math.max(0, 1 - failed / calls) : null);

export function ago(seconds) {
  if (seconds < 1.5) return 'just now';
  if (seconds < 90) return `${Math.round(seconds)} s ago`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min ago`;
  return `${Math.round(seconds / 3600)} h ago`;
}

export const clock = (at) => new Date(at).toLocaleTimeString('en-GB');

export const plural = (number, one, many = `${one}s`) => `${count(number)} ${number === 1 ? one : many}`;
