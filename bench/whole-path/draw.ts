import { busyIn, type Span, type Way } from './stages.ts';

const WIDTH = 900;
const NAMES = 150;
const ROW = 26;
const TOP = 62;
const BAR = 14;
const GAP = 10;

/** Part of the way, ms, with a scale of its own: what takes a second beside a minute would not be seen. */
export interface Zone extends Span {
  readonly title: string;
}

/** How finely a thread's work is shown. */
const COLUMN = 3;

const seconds = (ms: number) => (ms < 9950 ? (ms / 1000).toFixed(2) : (ms / 1000).toFixed(1));
const xml = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

/**
 * Stages as bars below each other, from left to right in zones, and how busy the threads were, from pale to full; on
 * light and dark pages.
 */
export function drawWay(title: string, { stages, main, workers }: Way, zones: readonly Zone[]): string {
  const count = stages.length + 2;
  const height = TOP + count * ROW + 34;
  const zoneWidth = (WIDTH - NAMES - GAP * (zones.length + 1)) / zones.length;
  const left = (zone: number) => NAMES + GAP + zone * (zoneWidth + GAP);
  const heads = zones.map(({ title, from, to }, i) => [
    `<rect class="zone" x="${left(i)}" y="${TOP - 6}" width="${zoneWidth}" height="${count * ROW + 6}"/>`,
    `<text class="head" x="${left(i)}" y="${TOP - 14}">${xml(title)}</text>`,
    `<text class="tick" x="${left(i)}" y="${height - 12}">${seconds(from)} s</text>`,
    `<text class="tick end" x="${left(i) + zoneWidth}" y="${height - 12}">${seconds(to)} s</text>`,
  ]);
  const label = (text: string, ms: number, y: number) => [
    `<text x="0" y="${y + BAR - 2}">${xml(text)}</text>`,
    `<text class="tick end" x="${NAMES}" y="${y + BAR - 2}">${seconds(ms)}</text>`,
  ];
  const rows = stages.map((stage, row) => {
    const y = TOP + row * ROW;
    const bars = zones.flatMap((zone, i) => {
      const [from, to] = [Math.max(stage.from, zone.from), Math.min(stage.to, zone.to)];
      if (to <= from) return [];
      const scale = zoneWidth / (zone.to - zone.from);
      const [x, width] = [left(i) + (from - zone.from) * scale, Math.max(2, (to - from) * scale)];
      return `<rect class="bar" x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${BAR}"/>`;
    });
    return [...label(stage.name, stage.to - stage.from, y), ...bars];
  });
  const strips = [
    { name: 'main thread busy', tasks: main },
    { name: 'workers busy', tasks: workers },
  ].map(({ name, tasks }, i) => {
    const y = TOP + (stages.length + i) * ROW;
    const whole = { from: zones[0]?.from ?? 0, to: zones.at(-1)?.to ?? 0 };
    return [
      ...label(name, busyIn(tasks, whole), y),
      ...zones.flatMap((zone, i) => strip(tasks, zone, left(i), y, zoneWidth)),
    ];
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${xml(title)}">
<style>
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-weight: 600; font-size: 15px }
.head, .tick { fill: #59636e; font-size: 12px }
.end { text-anchor: end }
.zone { fill: #818b981f }
.bar { fill: #0969da }
.busy { fill: #bc4c00 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .head, .tick { fill: #9da7b1 }
  .bar { fill: #4493f8 }
  .busy { fill: #f0883e }
}
</style>
<text class="title" x="0" y="18">${xml(title)}</text>
${[...heads, ...rows, ...strips].flat().join('\n')}
</svg>
`;
}

/** Neighbouring columns of the same tone are one rectangle. */
function strip(tasks: readonly Span[], { from, to }: Span, x: number, y: number, width: number): string[] {
  const columns = Math.round(width / COLUMN);
  const step = (to - from) / columns;
  const tone = (i: number) =>
    Math.round((10 * busyIn(tasks, { from: from + i * step, to: from + (i + 1) * step })) / step);
  const tones = Array.from({ length: columns }, (_, i) => Math.min(10, tone(i)));
  return tones.flatMap((tone, i) => {
    if (tone === 0 || tones[i - 1] === tone) return [];
    const next = tones.findIndex((other, j) => j > i && other !== tone);
    const [left, right] = [i, next < 0 ? columns : next].map((column) => x + (column * width) / columns);
    const size = `x="${left?.toFixed(1)}" y="${y}" width="${((right ?? 0) - (left ?? 0)).toFixed(1)}" height="${BAR}"`;
    return [`<rect class="busy" ${size} opacity="${tone / 10}"/>`];
  });
}
