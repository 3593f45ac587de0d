import { element } from '../../page/element.ts';
import { inSeconds } from '../panel/status.ts';
import { addressOf } from '../queue/thumbnails.ts';
import type { Entry } from './entry.ts';
import { clearHistory, listHistory } from './history.ts';

/** The list at the end of the page; read when it is opened. */
export function showHistory(): void {
  const details = element('history', HTMLDetailsElement);
  let addresses: string[] = [];
  const fill = async () => {
    for (const address of addresses) URL.revokeObjectURL(address);
    addresses = [];
    const entries = details.open ? await listHistory() : [];
    element('entries').replaceChildren(
      ...entries.map((entry) => {
        const address = entry.thumbnail ? addressOf(entry.thumbnail) : '';
        if (address) addresses.push(address);
        return lineOf(entry, address);
      }),
    );
    element('history-clear').hidden = entries.length === 0;
  };
  const refill = () => fill().catch((reason) => console.error('degrain: history', reason));
  details.addEventListener('toggle', refill);
  element('history-clear').addEventListener('click', () => clearHistory().then(refill, refill));
}

function lineOf({ name, size, at, outcome }: Entry, thumbnail: string): HTMLLIElement {
  const line = document.createElement('li');
  if (thumbnail) line.append(Object.assign(document.createElement('img'), { src: thumbnail, alt: '' }));
  const title = Object.assign(document.createElement('strong'), { textContent: name });
  const time = Object.assign(document.createElement('time'), {
    dateTime: new Date(at).toISOString(),
    textContent: new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' }),
  });
  const facts: string[] = [];
  if (size) facts.push(`${size.width} × ${size.height}`);
  if (outcome) {
    const { model, strength, luma, chroma } = outcome.settings;
    facts.push(model, inSeconds(outcome.milliseconds));
    if (outcome.sigma !== undefined) facts.push(`σ ${outcome.sigma.toFixed(1)}`);
    const amounts = { strength, brightness: luma, colour: chroma };
    for (const [of, part] of Object.entries(amounts)) if (part < 1) facts.push(`${of} ${Math.round(part * 100)} %`);
  }
  const words = Object.assign(document.createElement('span'), { className: 'quiet', textContent: facts.join(' · ') });
  line.append(title, time, words);
  return line;
}
