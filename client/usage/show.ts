import type { UsageReport } from '../../worker/usage/report.ts';
import { element } from '../page/element.ts';
import { chart } from './chart.ts';
import { type Row, rowsOf, valuesOf } from './rows.ts';

const exact = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 3 });

/** Fills the page with a report: totals, charts, and the same as a table. */
export function showReport(report: UsageReport): void {
  const { by, rows, charts } = rowsOf(report);
  element('totals').replaceChildren(...Object.entries(valuesOf(report.total)).map(total));
  element('charts').replaceChildren(...charts.map((plan) => chart(plan, rows)));
  element('table').replaceChildren(
    ...table(
      by,
      rows.filter(({ values }) => Object.values(values).some(Boolean)),
    ),
  );
  element('result').hidden = false;
}

function total([name, value]: [string, number]): HTMLElement {
  const box = document.createElement('div');
  box.append(cell('dt', name), cell('dd', exact(value)));
  return box;
}

function table(by: string, rows: readonly Row[]): HTMLElement[] {
  const names = Object.keys(rows[0]?.values ?? {});
  const line = (...cells: HTMLElement[]) => {
    const row = document.createElement('tr');
    row.append(...cells);
    return row;
  };
  return [
    line(...[by, ...names].map((name) => headOf('col', name))),
    ...rows.map(({ name, values }) =>
      line(headOf('row', name), ...names.map((of) => cell('td', exact(values[of] ?? 0)))),
    ),
  ];
}

const headOf = (scope: 'col' | 'row', content: string) => Object.assign(cell('th', content), { scope });

function cell(kind: string, content: string): HTMLElement {
  const made = document.createElement(kind);
  made.textContent = content;
  return made;
}
