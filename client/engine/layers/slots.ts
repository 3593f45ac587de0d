import { blocksOf, IMAGE, LANES, type Network, outputScale } from './network.ts';

/** Buffers that the layers' outputs share, each for as long as it is read. */
export interface Slots {
  /** Values per px of the image that each buffer holds. */
  readonly sizes: readonly number[];
  /** The slot of each layer's output, by its name; the last layer's goes to the caller and has none. */
  readonly of: ReadonlyMap<string, number>;
}

/** Gives each output the smallest free buffer that holds it, or grows the largest free one. */
export function assignSlots({ layers }: Network): Slots {
  const sizes: number[] = [];
  const of = new Map<string, number>();
  const lastRead = new Map<string, number>();
  layers.forEach(({ source, residual = IMAGE }, i) => {
    lastRead.set(source, i).set(residual, i);
  });
  layers.forEach((layer, i) => {
    if (i === layers.length - 1) return;
    const taken = new Set([...of].filter(([name]) => (lastRead.get(name) ?? 0) >= i).map(([, slot]) => slot));
    const free = sizes.flatMap((_, slot) => (taken.has(slot) ? [] : [slot]));
    const size = (blocksOf(layer.outputChannels) * LANES) / outputScale(layer) ** 2;
    const bySize = free.sort((a, b) => (sizes[a] as number) - (sizes[b] as number));
    const slot = bySize.find((slot) => (sizes[slot] as number) >= size) ?? bySize.at(-1) ?? sizes.length;
    sizes[slot] = Math.max(sizes[slot] ?? 0, size);
    of.set(layer.name, slot);
  });
  return { sizes, of };
}
