import { drawing, svg } from './svg.ts';
import { ticks } from './ticks.ts';

export interface Series {
  readonly name: string;
  /** Of SERIES, and of the style sheet's classes; 0 is grey and dashed: what the others are compared with. */
  readonly colour: number;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface LineChart {
  readonly title: string;
  readonly description: string;
  readonly xTitle: string;
  readonly yTitle: string;
  /** Where the marks are, from left to right: descending where less is more noise. */
  readonly xs: readonly number[];
  readonly logarithmic: boolean;
  readonly series: readonly Series[];
  /** px: text is as large in all widths. */
  readonly width: number;
}

/** Colours in a saved file; in the page the classes `series-n` have their own for light and dark. */
export const SERIES = [
  '#77736c',
  '#1f6fb2',
  '#c2560c',
  '#2c8053',
  '#a3359b',
  '#8a6a00',
  '#bd2f3f',
  '#0b7f8c',
  '#5b4bc4',
];
/** Marks tell lines apart without their colours. */
const MARKS = ['circle', 'square', 'diamond', 'triangle'] as const;

const HEIGHT = 340;
const LEFT = 52;
const RIGHT = 16;
const TOP = 14;
const BOTTOM = 46;
/** px, of an entry of the legend. */
const LEGEND = 150;
const INK = '#5d6570';

export const colourOf = (order: number) => (order === 0 ? 0 : ((order - 1) % (SERIES.length - 1)) + 1);

/** Lines with marks over an axis that may be logarithmic, and a legend. */
export function lineChart(chart: LineChart): SVGElement {
  const { title, description, xTitle, yTitle, xs, logarithmic, series, width } = chart;
  const names = series.map(({ name }) => name);
  const columns = Math.max(1, Math.floor((width - LEFT) / LEGEND));
  const rows = Math.ceil(names.length / columns);
  const made = drawing(width, HEIGHT + rows * 20, title, description);
  const along = logarithmic ? Math.log : (value: number) => value;
  const [first, last] = [along(xs[0] as number), along(xs.at(-1) as number)];
  const x = (value: number) =>
    LEFT + 14 + (width - LEFT - RIGHT - 28) * (first === last ? 0.5 : (along(value) - first) / (last - first));
  const values = series.flatMap(({ points }) => points.map(([, y]) => y)).filter(Number.isFinite);
  const [lowest, highest] = values.length > 0 ? [Math.min(...values), Math.max(...values)] : [0, 1];
  const steps = ticks(lowest - 0.5, highest + 0.5, 9);
  const [bottom, top] = [Math.min(lowest - 0.5, steps[0] as number), Math.max(highest + 0.5, steps.at(-1) as number)];
  const y = (value: number) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - (value - bottom) / (top - bottom));

  for (const step of steps) {
    made.append(
      svg('line', { class: 'grid', x1: LEFT, x2: width - RIGHT, y1: y(step), y2: y(step), stroke: '#d9d5cf' }),
      label(LEFT - 8, y(step) + 4, 'end', String(step)),
    );
  }
  for (const level of xs) made.append(label(x(level), HEIGHT - BOTTOM + 18, 'middle', String(level)));
  made.append(
    label((LEFT + width - RIGHT) / 2, HEIGHT - 8, 'middle', xTitle),
    svg('g', { transform: `translate(13 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)` }, label(0, 0, 'middle', yTitle)),
  );
  for (const { colour, points, name } of series) {
    const seen = points.filter(([, value]) => Number.isFinite(value));
    const line = seen.map(([at, value]) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
    const stroke = SERIES[colour] as string;
    made.append(
      svg('polyline', {
        ...{ class: `line series-${colour}`, points: line, fill: 'none', stroke, 'stroke-width': 2 },
        ...(colour === 0 && { 'stroke-dasharray': '5 4' }),
      }),
      ...seen.map(([at, value]) => mark(x(at), y(value), colour, `${name} at ${at}: ${value.toFixed(2)} dB`)),
    );
  }
  made.append(
    ...names.flatMap((name, i) => legend(name, series[i]?.colour ?? 0, i % columns, Math.floor(i / columns))),
  );
  return made;
}

function legend(name: string, colour: number, column: number, row: number): SVGElement[] {
  const x = LEFT + column * LEGEND;
  const y = HEIGHT + 12 + row * 20;
  return [mark(x, y - 4, colour, name), label(x + 12, y, 'start', name)];
}

function label(x: number, y: number, anchor: string, content: string): SVGElement {
  return svg('text', { x: x.toFixed(1), y: y.toFixed(1), 'text-anchor': anchor, fill: INK }, content);
}

function mark(x: number, y: number, colour: number, title: string): SVGElement {
  const shape = MARKS[colour % MARKS.length] as (typeof MARKS)[number];
  const size = shape === 'triangle' || shape === 'diamond' ? 5.5 : 4.2;
  const path = {
    circle: `M${-size} 0a${size} ${size} 0 1 0 ${2 * size} 0a${size} ${size} 0 1 0 ${-2 * size} 0z`,
    square: `M${-size} ${-size}h${2 * size}v${2 * size}h${-2 * size}z`,
    diamond: `M0 ${-size}L${size} 0L0 ${size}L${-size} 0z`,
    triangle: `M0 ${-size}L${size} ${size * 0.8}H${-size}z`,
  }[shape];
  const attributes = { transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`, fill: SERIES[colour] as string };
  return svg('path', { class: `mark series-${colour}`, d: path, ...attributes }, svg('title', {}, title));
}
