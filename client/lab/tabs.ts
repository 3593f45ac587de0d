import { element } from '../page/element.ts';
import { TABS, type Tab } from './experiment.ts';

const buttons = () => TABS.map((tab) => [tab, element(`tab-${tab}`, HTMLButtonElement)] as const);

/** As the ARIA practices have it: one tab is in the tab order, arrows move between them. */
export function onTab(choose: (tab: Tab) => void): void {
  for (const [tab, button] of buttons()) {
    button.addEventListener('click', () => choose(tab));
    button.addEventListener('keydown', ({ key }) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
      if (!step) return;
      const next = TABS[(TABS.indexOf(tab) + step + TABS.length) % TABS.length] as Tab;
      element(`tab-${next}`).focus();
      choose(next);
    });
  }
}

export function showTab(shown: Tab): void {
  for (const [tab, button] of buttons()) {
    button.setAttribute('aria-selected', String(tab === shown));
    button.tabIndex = tab === shown ? 0 : -1;
    element(tab).hidden = tab !== shown;
  }
}
