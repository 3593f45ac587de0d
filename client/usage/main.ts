import type { UsageReport } from '../../worker/usage/report.ts';
import { element } from '../page/element.ts';
import { fetchUsage, type Question, Refused } from './fetch.ts';
import { showReport } from './show.ts';

/** In this tab alone, until it is closed. */
const KEPT = 'degrain-secret-key';

const DAY = 24 * 3600 * 1000;
const DAYS = 30;

const key = element('key', HTMLInputElement);
const from = element('from', HTMLInputElement);
const to = element('to', HTMLInputElement);
const by = element('by', HTMLSelectElement);

const secret = () => key.value.trim();
const question = (format: Question['format']) => ({ from: from.value, to: to.value, by: by.value, format });

async function show(): Promise<void> {
  const report = (await (await fetchUsage(secret(), question('json'))).json()) as UsageReport;
  sessionStorage.setItem(KEPT, secret());
  element('forget').hidden = false;
  showReport(report);
}

async function saveCsv(): Promise<void> {
  const file = await (await fetchUsage(secret(), question('csv'))).blob();
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = `degrain-usage-by-${by.value}-${from.value}-${to.value}.csv`;
  link.click();
  // the click only starts the download
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function carryOut(work: () => Promise<void>): Promise<void> {
  element('error').hidden = true;
  try {
    await work();
  } catch (failure) {
    element('result').hidden = true;
    element('error-title').textContent = failure instanceof Error ? failure.message : String(failure);
    element('error-remedy').textContent = failure instanceof Refused ? failure.remedy : 'Try again.';
    element('error').hidden = false;
  }
}

function forget(): void {
  sessionStorage.removeItem(KEPT);
  key.value = '';
  element('result').hidden = true;
  element('forget').hidden = true;
  key.focus();
}

const day = (at: number) => new Date(at).toISOString().slice(0, 10);
to.value = day(Date.now());
from.value = day(Date.now() - (DAYS - 1) * DAY);
key.value = sessionStorage.getItem(KEPT) ?? '';

element('question').addEventListener('submit', (event) => {
  event.preventDefault();
  void carryOut(show);
});
by.addEventListener('change', () => {
  if (key.value) void carryOut(show);
});
element('csv').addEventListener('click', () => {
  if (element('question', HTMLFormElement).reportValidity()) void carryOut(saveCsv);
});
element('forget').addEventListener('click', forget);
if (key.value) void carryOut(show);
