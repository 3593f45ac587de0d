import type { Stage } from './stages.ts';

const WIDTH = 900;
const NAMES = 150;
const ROW = 26;
const TOP = 62;
const BAR = 14;
const GAP = 10;

/** Part of the way with a scale of its own: what takes a second beside a minute would not be seen. */
export interface Zone {
  readonly title: string;
  /** ms. */
  readonly from: number;
  readonly to: number;
}

const seconds = (ms: number) => (ms < 9950 ? (ms / 1000).toFixed(2) : (ms / 1000).toFixed(1));
const xml = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

/** Stages as bars below each other, from left to right in zones; on light and dark pages. */
export function drawStages(title: string, stages: readonly Stage[], zones: readonly Zone[]): string {
  const height = TOP + stages.length * ROW + 34;
  const zoneWidth = (WIDTH - NAMES - GAP * (zones.length + 1)) / zones.length;
  const left = (zone: number) => NAMES + GAP + zone * (zoneWidth + GAP);
  const heads = zones.map(({ title, from, to }, i) => [
    `<rect class="zone" x="${left(i)}" y="${TOP - 6}" width="${zoneWidth}" height="${stages.length * ROW + 6}"/>`,
    `<text class="head" x="${left(i)}" y="${TOP - 14}">${xml(title)}</text>`,
    `<text class="tick" x="${left(i)}" y="${height - 12}">${seconds(from)} s</text>`,
    `<text class="tick end" x="${left(i) + zoneWidth}" y="${height - 12}">${seconds(to)} s</text>`,
  ]);
  const rows = stages.map((stage, row) => {
    const y = TOP + row * ROW;
    const bars = zones.flatMap((zone, i) => {
      const [from, to] = [Math.max(stage.from, zone.from), Math.min(stage.to, zone.to)];
      if (to <= from) return [];
      const scale = zoneWidth / (zone.to - zone.from);
      const [x, width] = [left(i) + (from - zone.from) * scale, Math.max(2, (to - from) * scale)];
      return `<rect class="bar" x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${BAR}"/>`;
    });
    const name = `<text x="0" y="${y + BAR - 2}">${xml(stage.name)}</text>`;
    const took = `<text class="tick end" x="${NAMES}" y="${y + BAR - 2}">${seconds(stage.to - stage.from)}</text>`;
    return [name, took, ...bars];
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${xml(title)}">
<style>
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-weight: 600; font-size: 15px }
.head, .tick { fill: #59636e; font-size: 12px }
.end { text-anchor: end }
.zone { fill: #818b981f }
.bar { fill: #0969da }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .head, .tick { fill: #9da7b1 }
  .bar { fill: #4493f8 }
}
</style>
<text class="title" x="0" y="18">${xml(title)}</text>
${[...heads, ...rows].flat().join('\n')}
</svg>
`;
}
