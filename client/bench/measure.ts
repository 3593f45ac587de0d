import { createDenoiser, type Denoiser, type EngineName } from '../index.ts';

/** What one engine took, ms. */
export interface Measured {
  readonly engine: EngineName;
  /** Per run, for a megapixel: of the tiles alone, after the first run. */
  readonly perMegapixel: readonly number[];
  /** With weights, compiling and self-test. */
  readonly first: number;
}

export interface Setup {
  readonly endpoint: string;
  readonly key: string;
  readonly model: string;
  readonly width: number;
  readonly height: number;
  /** After the first. */
  readonly runs: number;
}

/** Told, so that nothing is estimated. */
const SIGMA = 25;

/** One engine on a picture of noise; `onRun` counts the runs that are done. */
export async function measure(
  engine: EngineName,
  { endpoint, key, model, width, height, runs }: Setup,
  signal: AbortSignal,
  onRun: (done: number) => void,
): Promise<Measured> {
  const denoiser: Denoiser = await createDenoiser({ endpoint, key, model, engine });
  try {
    const picture = { data: noise(width * height * 3), width, height, channels: 3, depth: 8 } as const;
    const times: number[] = [];
    let first = 0;
    for (let run = 0; run <= runs; run++) {
      const result = await denoiser.denoise(picture, { sigma: SIGMA, signal });
      const { open, tiles } = result.timings;
      result.release();
      if (run === 0) first = open + tiles;
      else times.push((tiles * 1e6) / (width * height));
      onRun(run + 1);
    }
    return { engine, perMegapixel: times.sort((a, b) => a - b), first };
  } finally {
    denoiser.dispose();
  }
}

/** Kernels take the same time for any values; an xorshift is quick to make them. */
function noise(length: number): Uint8Array<ArrayBuffer> {
  const values = new Uint8Array(length);
  let state = 1;
  for (let i = 0; i < length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    values[i] = state & 255;
  }
  return values;
}
