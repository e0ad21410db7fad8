// The one tooltip: a few words beside what is pointed at, kept inside of the window.

import { $ } from './dom.js';

const GAP = 10;

export function showTip(anchor, children) {
  const tip = $('tip');
  tip.replaceChildren(...children);
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  const left = anchor.right + GAP + width < innerWidth ? anchor.right + GAP : anchor.left - GAP - width;
  const top = Math.min(Math.max(GAP, anchor.top), innerHeight - height - GAP);
  tip.style.left = `${Math.max(GAP, left)}px`;
  tip.style.top = `${top}px`;
}

export function hideTip() {
  $('tip').hidden = true;
}
