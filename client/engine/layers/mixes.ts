/** Channels of an earlier layer, added up with signs: what a wavelet transform is made of. Becomes a 1x1 convolution. */
export interface Mix {
  /** The layer whose output is mixed, and its channels. */
  readonly source: string;
  readonly sourceChannels: number;
  /** One after the other. */
  readonly parts: readonly Part[];
}

/** As many channels as it is wide: the sum over `terms` of weight * (the source's channels from `first` on). */
interface Part {
  readonly width: number;
  readonly terms: readonly { readonly first: number; readonly weight: number }[];
}

export const channelsOf = ({ parts }: Mix): number => parts.reduce((sum, { width }) => sum + width, 0);

/** `width` channels from `first` on. */
export const sliceOf = (source: string, sourceChannels: number, first: number, width: number): Mix => ({
  ...{ source, sourceChannels },
  parts: [{ width, terms: [{ first, weight: 1 }] }],
});

/** a + sign * b, undefined where they don't fit. */
export function sumOf(a: Mix, b: Mix, sign: 1 | -1): Mix | undefined {
  const fits = a.source === b.source && a.parts.length === b.parts.length;
  if (!fits || a.parts.some(({ width }, i) => width !== b.parts[i]?.width)) return undefined;
  const parts = a.parts.map(({ width, terms }, i) => {
    const others = b.parts[i]?.terms ?? [];
    return { width, terms: [...terms, ...others.map(({ first, weight }) => ({ first, weight: sign * weight }))] };
  });
  return { ...a, parts };
}

/** Side by side, undefined where they don't fit. */
export function joined([first, ...others]: readonly Mix[]): Mix | undefined {
  if (!first || others.some(({ source }) => source !== first.source)) return undefined;
  return { ...first, parts: [first, ...others].flatMap(({ parts }) => parts) };
}

/** [1, 1, channels of the source, channels of the mix]. */
export function filtersOf(mix: Mix): Float32Array<ArrayBuffer> {
  const outputs = channelsOf(mix);
  const filters = new Float32Array(mix.sourceChannels * outputs);
  let output = 0;
  for (const { width, terms } of mix.parts) {
    for (const { first, weight } of terms) {
      for (let i = 0; i < width; i++) {
        const at = (first + i) * outputs + output + i;
        filters[at] = (filters[at] as number) + weight;
      }
    }
    output += width;
  }
  return filters;
}
