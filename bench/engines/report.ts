import type { ModelFiles } from '../../models/engine.ts';
import { median, quantile } from '../load/statistics.ts';
import { table } from '../table.ts';
import type { Arm } from './arm.ts';
import type { Download } from './downloads.ts';
import type { LayerClass } from './layers.ts';
import type { Measurement, Refusal } from './measure.ts';
import type { PhotoRow } from './photo.ts';
import { leastMs, type Peaks } from './roof.ts';
import type { Roofs } from './roofs.ts';
import type { Outcome } from './session.ts';
import { layersOf } from './work.ts';

/** All that a run found, for docs/performance.md. */
export function report(
  what: string,
  { adapter, found, photo, roofs }: Outcome,
  on: Arm['on'],
  files: ModelFiles,
  downloads: ReadonlyMap<string, Download>,
  other: string,
): string {
  const { gmacsPerMegapixel } = files.card;
  const rounds = found.measurements.map(({ runs }) => runs.length);
  const others = [
    ...new Map(found.measurements.flatMap(({ engine, network }) => (network ? [[engine, network]] : []))),
  ];
  if (rounds.length === 0) return `${what}:\n\n${refusalList(found.refusals)}`;
  return [
    `${what}${on === 'gpu' ? `, GPU: ${adapter}` : ''}:`,
    engineTable(found.measurements, gmacsPerMegapixel, (row) => leastOf(row, files, roofs), downloads),
    `Medians of ${[...new Set([Math.min(...rounds), Math.max(...rounds)])].join(' to ')} runs, all engines in turns. ${roofsInWords(roofs, on)} ${other}.`,
    ...others.map(
      ([engine, { name, gmacsPerMegapixel: gmacs }]) =>
        `\\* \`${engine}\` runs another network (${name}, ${gmacs.toFixed(0)} GMACs per megapixel, where ` +
        `${files.card.id} has ${gmacsPerMegapixel.toFixed(0)}), its weights made up, in float16 where the GPU has it: "times ours" is per operation.`,
    ),
    ...(found.refusals.length > 0 ? [refusalList(found.refusals)] : []),
    ...(photo.length > 0
      ? [`A photograph through the library's tiles, each engine once:\n\n${photoTable(photo)}`]
      : []),
  ].join('\n\n');
}

/** ms per megapixel that the machine's peaks allow. */
function leastOf({ on, half, threads, network }: Measurement, files: ModelFiles, roofs: Roofs): number | undefined {
  const layers = network ? [{ gflop: 2 * network.gmacsPerMegapixel, megabytes: 0 }] : layersOf(files, half ? 2 : 4);
  const { gflops } = roofs.wasmFused ?? roofs.wasm;
  const peaks = on === 'wasm' ? { gflops: gflops * threads } : half ? roofs.gpuF16 : roofs.gpu;
  return peaks && leastMs(layers, peaks);
}

/** Measured in the same run. */
function roofsInWords({ gpu, gpuF16, wasm, wasmFused }: Roofs, on: Arm['on']): string {
  const peak = (peaks: Peaks) => `${peaks.gflops.toFixed(peaks.gflops < 10 ? 1 : 0)} GFLOP/s`;
  if (on === 'wasm') {
    const fused = wasmFused
      ? `, ${peak(wasmFused)} where relaxed SIMD fuses them: the roof of a row, times its threads`
      : '';
    return `A thread's multiply-adds reach ${peak(wasm)} in WebAssembly${fused}.`;
  }
  const half = gpuF16 ? `, ${peak(gpuF16)} in float16` : '';
  return gpu ? `Multiply-adds alone reach ${peak(gpu)}${half}, a copy ${gpu.gbps?.toFixed(1)} GB/s.` : '';
}

/** What the others are compared with, by what computes. */
const OURS = { gpu: 'wgsl', wasm: 'wasm' } as const;

const megapixels = (side: number) => side ** 2 / 1e6;
const perMegapixel = ({ runs, side }: Measurement) => runs.map((ms) => ms / megapixels(side));

/** `leastOf`: ms per megapixel that the machine's peaks allow, where they are known. */
function engineTable(
  found: readonly Measurement[],
  gmacsPerMegapixel: number,
  leastOf: (row: Measurement) => number | undefined,
  downloads: ReadonlyMap<string, Download>,
): string {
  const head = ['engine', 'px', 'ms/MP', '5 % to 95 %', 'times ours', 'of the roof', 'first run, s', 'MB at most'];
  const rows = found.map((row) => {
    const { engine, on, network, side, first, peakBytes, difference } = row;
    const ms = perMegapixel(row);
    const middle = median(ms);
    const ours = found.find((other) => other.engine === OURS[on] && other.side === side);
    // another network's time counts per operation
    const times =
      ours &&
      middle / median(perMegapixel(ours)) / ((network?.gmacsPerMegapixel ?? gmacsPerMegapixel) / gmacsPerMegapixel);
    const least = leastOf(row);
    const { code = 0, weights = 0 } = downloads.get(engine) ?? {};
    return [
      network ? `${engine}*` : engine,
      `${side}²`,
      round(middle),
      `${round(quantile(ms, 0.05))} to ${round(quantile(ms, 0.95))}`,
      times === undefined ? '' : times.toFixed(2),
      least === undefined ? '' : `${((least / middle) * 100).toFixed(0)} %`,
      (first / 1000).toFixed(1),
      peakBytes > 0 ? (peakBytes / 1e6).toFixed(0) : 'not known',
      code > 0 ? `${kilobytes(code)} + ${kilobytes(weights)}` : 'not known',
      difference === undefined ? '' : difference.toExponential(0),
    ];
  });
  return table([...head, 'KB: code + weights', 'off from PyTorch'], rows);
}

const kilobytes = (bytes: number) => (bytes / 1000).toFixed(0);
const round = (ms: number) => ms.toFixed(ms < 100 ? 1 : 0);

const refusalList = (refusals: readonly Refusal[]) =>
  refusals.map(({ engine, reason }) => `- \`${engine}\` did not run: ${reason}`).join('\n');

const photoTable = (rows: readonly PhotoRow[]) =>
  table(
    ['engine', 'tiles', 'window, px', 's', 'of that to open the engine, s'],
    rows.map(({ engine, tiles, window, seconds, open }) => [
      engine,
      tiles,
      window,
      (seconds + open).toFixed(1),
      open.toFixed(1),
    ]),
  );

export function layerTable(layers: readonly LayerClass[]): string {
  const total = layers.reduce((sum, { ms = 0 }) => sum + ms, 0);
  const rows = layers.map(({ name, count, gflop, megabytes, ms }) => [
    name,
    count,
    gflop.toFixed(2),
    megabytes.toFixed(0),
    ((gflop * 1000) / megabytes).toFixed(0),
    ...(ms === undefined
      ? ['', '', '', '']
      : [
          ms.toFixed(2),
          `${((ms / total) * 100).toFixed(0)} %`,
          ((gflop / ms) * 1000).toFixed(1),
          (megabytes / ms).toFixed(1),
        ]),
  ]);
  return table(['layers', 'count', 'GFLOP', 'MB', 'FLOP/B', 'ms', 'of all', 'GFLOP/s', 'GB/s'], rows);
}
