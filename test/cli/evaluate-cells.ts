import type { Cell } from '../../cli/evaluation/measurements.ts';
import type { ModelCard } from '../../models/card.ts';
import type { EngineSource } from '../../models/engine.ts';

/** A cell of a table: what is left out is `fast`'s on CBSD68, or nothing special. */
export function cellWith(changes: Partial<Cell>): Cell {
  const task = { set: 'CBSD68', noise: 'white', level: 25, column: 'float', told: 'known', precision: 'f16' } as const;
  const score = { images: 68, noisy: 20.17, psnr: 31.5, ssim: 0.9, sigma: 25, untouched: 0, seconds: 4 };
  return { ...task, ...score, ...changes };
}

/** An entry of a report. */
export function entryWith(card: ModelCard, cells: readonly Partial<Cell>[]) {
  return { card, speed: undefined, cells: cells.map(cellWith) };
}

/** An engine that gives back what it gets, for any number of channels, and tells how many those were. */
export function mirror(): EngineSource & { readonly depths: number[]; disposed: number } {
  const depths: number[] = [];
  const source = {
    name: 'mirror',
    maxTilePixels: 2 ** 20,
    depths,
    disposed: 0,
    async open() {
      return {
        name: 'mirror',
        async run(input: Float32Array, height: number, width: number) {
          const depth = input.length / (height * width);
          depths.push(depth);
          // [1,H,W,C] with a noise map as the last channel of an even number of them
          const channels = depth % 2 === 0 ? depth - 1 : depth;
          return input.filter((_, i) => i % depth < channels);
        },
        dispose() {
          source.disposed++;
        },
      };
    },
  };
  return source;
}
