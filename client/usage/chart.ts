import type { ChartPlan, Row } from './rows.ts';

const WIDTH = 480;
const HEIGHT = 200;
const LEFT = 46;
const BOTTOM = 22;
const TOP = 10;

/** Stacked bars, a column per row. Colours and fonts are the style sheet's. */
export function chart({ title, series }: ChartPlan, rows: readonly Row[]): HTMLElement {
  const figure = document.createElement('figure');
  figure.className = 'chart';
  const caption = figure.appendChild(document.createElement('figcaption'));
  caption.append(title, ...(series.length > 1 ? series.map(legend) : []));
  const drawing = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': title });
  const sums = rows.map(({ values }) => series.reduce((sum, name) => sum + (values[name] ?? 0), 0));
  const top = niceTop(Math.max(0, ...sums));
  const y = (value: number) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
  for (const share of [0, 0.5, 1]) {
    const at = y(share * top);
    drawing.append(svg('line', { class: 'grid', x1: LEFT, x2: WIDTH, y1: at, y2: at }));
    drawing.append(text(LEFT - 6, at + 4, 'end', short(share * top)));
  }
  const step = (WIDTH - LEFT) / Math.max(1, rows.length);
  const bar = Math.min(step * 0.8, 40);
  rows.forEach(({ name, values }, column) => {
    const x = LEFT + step * (column + 0.5) - bar / 2;
    let below = 0;
    series.forEach((of, order) => {
      const value = values[of] ?? 0;
      if (value <= 0) return;
      const from = y(below + value);
      const shape = { class: `series-${order + 1}`, x, y: from, width: bar, height: y(below) - from };
      const rectangle = drawing.appendChild(svg('rect', shape));
      rectangle.appendChild(svg('title')).textContent = `${name}: ${value.toLocaleString('en')} ${of}`;
      below += value;
    });
  });
  drawing.append(...labels(rows, step));
  figure.append(drawing);
  return figure;
}

/** As many names as there is room for. */
function labels(rows: readonly Row[], step: number): SVGElement[] {
  const room = Math.max(1, Math.ceil(84 / step));
  return rows.flatMap(({ name }, column) =>
    column % room === 0 ? [text(LEFT + step * (column + 0.5), HEIGHT - 6, 'middle', name)] : [],
  );
}

function legend(name: string, order: number): HTMLElement {
  const entry = document.createElement('span');
  entry.className = 'key';
  const box = svg('svg', { viewBox: '0 0 1 1', 'aria-hidden': 'true' });
  box.append(svg('rect', { class: `series-${order + 1}`, width: 1, height: 1 }));
  entry.append(box, ` ${name}`);
  return entry;
}

/** The next 1, 2 or 5 times a power of ten. */
function niceTop(most: number): number {
  if (most <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return ([1, 2, 5, 10].find((factor) => factor * power >= most) ?? 10) * power;
}

const short = (value: number) => value.toLocaleString('en', { notation: 'compact', maximumFractionDigits: 2 });

function text(x: number, y: number, anchor: string, content: string): SVGElement {
  const element = svg('text', { x, y, 'text-anchor': anchor });
  element.textContent = content;
  return element;
}

function svg(name: string, attributes: Record<string, string | number> = {}): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}
