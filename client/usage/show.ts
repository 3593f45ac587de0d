import type { UsageReport } from '../../worker/usage/report.ts';
import { element } from '../page/element.ts';
import { chart } from './chart.ts';
import { type Row, rowsOf, valuesOf } from './rows.ts';

const exact = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 3 });

/** Fills the page with a report: totals, charts, and the same as a table. */
export function showReport(report: UsageReport): void {
  const { rows, charts } = rowsOf(report);
  element('totals').replaceChildren(...Object.entries(valuesOf(report.total)).map(total));
  element('charts').replaceChildren(...charts.map((plan) => chart(plan, rows)));
  element('table').replaceChildren(...table(rows.filter(({ values }) => Object.values(values).some(Boolean))));
  element('result').hidden = false;
}

function total([name, value]: [string, number]): HTMLElement {
  const box = document.createElement('div');
  box.append(cell('dt', name), cell('dd', exact(value)));
  return box;
}

function table(rows: readonly Row[]): HTMLElement[] {
  const names = Object.keys(rows[0]?.values ?? {});
  const line = (kind: 'th' | 'td', cells: readonly string[]) => {
    const row = document.createElement('tr');
    row.append(...cells.map((content) => cell(kind, content)));
    return row;
  };
  return [
    line('th', ['', ...names]),
    ...rows.map(({ name, values }) => line('td', [name, ...names.map((of) => exact(values[of] ?? 0))])),
  ];
}

function cell(kind: string, content: string): HTMLElement {
  const made = document.createElement(kind);
  made.textContent = content;
  return made;
}
