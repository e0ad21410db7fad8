// Dark, light, or what the system says, which is where it begins.

import { $ } from './dom.js';

const ORDER = ['auto', 'light', 'dark'];
const LABELS = { auto: '◐ Auto', light: '○ Light', dark: '● Dark' };

export function startTheme() {
  apply(localStorage.getItem('theme') ?? 'auto');
  $('theme').addEventListener('click', () => apply(ORDER[(ORDER.indexOf($('theme').dataset.theme) + 1) % ORDER.length]));
}

function apply(theme) {
  $('theme').dataset.theme = theme;
  $('theme').textContent = LABELS[theme] ?? LABELS.auto;
  $('theme').setAttribute('aria-label', `Colours: ${theme}. Change`);
  if (theme === 'auto') document.documentElement.removeAttribute('data-theme');
  else document.documentElement.setAttribute('data-theme', theme);
  localStorage.setItem('theme', theme);
}
