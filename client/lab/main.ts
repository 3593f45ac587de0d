import { element } from '../page/element.ts';
import { Digits } from './digits/digits.ts';
import { announce } from './dom.ts';
import { type Experiment, FIRST, type Tab } from './experiment.ts';
import { hideError, showError } from './failures.ts';
import { Latent } from './latent/latent.ts';
import { fromLink, toLink } from './link.ts';
import { onTab, showTab } from './tabs.ts';
import { Bench } from './trials/bench.ts';

let tab: Tab = FIRST.tab;
/** Rooms that have been set up: each is when it is seen first, since it loads what it needs. */
const ready = new Set<Tab>();

const bench = new Bench(changed);
const digits = new Digits(changed);
const latent = new Latent(changed);

const experiment = (): Experiment => ({ tab, bench: bench.setup, digits: digits.setup, latent: latent.setup });

/** The address is always that of the experiment that is seen. */
function changed(): void {
  if (ready.has(tab)) history.replaceState(null, '', `#${toLink(experiment())}`);
}

/** Shows an experiment. With `run` it is carried out too, where that takes more than looking. */
async function open(wanted: Experiment, run: boolean): Promise<void> {
  tab = wanted.tab;
  showTab(tab);
  hideError();
  try {
    if (tab === 'bench') await bench.restore(wanted.bench);
    if (tab === 'digits') digits.restore(wanted.digits);
    if (tab === 'latent') await latent.restore(wanted.latent);
    ready.add(tab);
    changed();
    if (run && tab === 'bench') await bench.run();
    if (run && tab === 'digits') await digits.run();
  } catch (reason) {
    showError(reason);
  }
}

onTab((chosen) => void open({ ...experiment(), tab: chosen }, false));
addEventListener('hashchange', () => void open(fromLink(location.hash, experiment()), true));
element('copy').addEventListener('click', async () => {
  changed();
  try {
    await navigator.clipboard.writeText(location.href);
    announce('The link is copied.');
    element('copy').textContent = 'Copied';
  } catch {
    // refused, or no secure context: the address bar has it
    element('copy').textContent = 'It is in the address bar';
  }
  setTimeout(() => {
    element('copy').textContent = 'Copy link';
  }, 2000);
});

// What scrolls sideways on a phone must be reached by keys, which not every browser sees to.
for (const box of document.querySelectorAll<HTMLElement>('.scrolling')) box.tabIndex = 0;

// Who comes by a link wants to see its experiment; who comes by the menu looks around first.
void open(fromLink(location.hash), location.hash.includes('tab='));
