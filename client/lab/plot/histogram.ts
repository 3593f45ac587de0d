import type { Histogram } from '../work/protocol.ts';
import { drawing, svg } from './svg.ts';

const WIDTH = 300;
const HEIGHT = 84;
const BASE = 66;

/** What was removed (a line) over what was added (an area): in the ideal case both are the same. */
export function histogramPlot(
  added: Histogram,
  by?: { readonly name: string; readonly removed: Histogram },
): SVGElement {
  const all = [added, ...(by ? [by.removed] : [])];
  const deviations = all.map(({ deviation }) => deviation.toFixed(1)).join(', removed ');
  const made = drawing(
    WIDTH,
    HEIGHT,
    by ? `Noise removed by ${by.name}, and noise added` : 'Noise added',
    `How many values changed by how much, from -${added.span} to ${added.span} of 255. ` +
      `Standard deviation: added ${deviations}.`,
  );
  const most = Math.max(...all.flatMap(({ counts }) => counts), 1);
  made.append(svg('path', { class: 'added', d: `${steps(added.counts, most)}V${BASE}H0z` }));
  if (by) made.append(svg('path', { class: 'removed', d: steps(by.removed.counts, most) }));
  made.append(svg('line', { class: 'axis', x1: 0, x2: WIDTH, y1: BASE, y2: BASE }));
  for (const [x, anchor, text] of [
    [0, 'start', `−${added.span}`],
    [WIDTH / 2, 'middle', '0'],
    [WIDTH, 'end', `+${added.span}`],
  ] as const) {
    made.append(svg('text', { x, y: HEIGHT - 4, 'text-anchor': anchor }, text));
  }
  return made;
}

/** The square root of the counts: a spike at 0, where most values stay, would hide the rest. */
function steps(counts: readonly number[], most: number): string {
  const width = WIDTH / counts.length;
  const y = (count: number) => (BASE - (BASE - 4) * Math.sqrt(count / most)).toFixed(1);
  return counts
    .map((count, i) => `${i === 0 ? `M0 ${y(count)}` : `V${y(count)}`}H${((i + 1) * width).toFixed(1)}`)
    .join('');
}
