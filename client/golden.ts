import * as z from 'zod/mini';
import type { CardFile, ModelCard, NetworkCard, Precision } from '../models/card.ts';
import { DegrainError } from '../models/errors.ts';
import type { PublishedModel } from './model.ts';
import { fetchVerified } from './weights.ts';

/** golden.json: inputs, and what PyTorch made of them, with float16 and with int8 weights. */
const GoldenIndex = z.object({
  format: z.literal(1),
  cases: z.array(
    z.object({
      height: z.int(),
      width: z.int(),
      input: z.string(),
      output: z.string(),
      outputQ8: z.string(),
    }),
  ),
});

/** A window and the right answer to it. */
export interface GoldenCase {
  readonly height: number;
  readonly width: number;
  /** [1,H,W,C], as the engine takes it. */
  readonly input: Float32Array;
  /** [1,H,W,C]. */
  readonly output: Float32Array;
}

/** What `fetchGolden` fetches: the exporter names the answers by the form of the weights. */
export function goldenFiles(card: ModelCard, precision: Precision): readonly CardFile[] {
  if (card.family === 'filter') return [];
  const others = precision === 'q8' ? '.output.f32' : '.output-q8.f32';
  return card.files.filter(({ role, name }) => role === 'golden' && !name.endsWith(others));
}

export async function fetchGolden(
  card: NetworkCard,
  remote: PublishedModel['remote'],
  precision: Precision,
  signal: AbortSignal,
): Promise<GoldenCase[]> {
  const read = async (name: string) => {
    const file = card.files.find((file) => file.name === name);
    if (!file) {
      const expected = `${name} among the files of ${card.id}@${card.version}`;
      throw new DegrainError('invalid-model', { expected, received: 'none', remedy: 'Publish the model again.' });
    }
    return fetchVerified(remote(file), { signal });
  };
  const floats = async (name: string) => new Float32Array((await read(name)).buffer);
  const index = GoldenIndex.parse(JSON.parse(new TextDecoder().decode(await read('golden.json'))));
  return Promise.all(
    index.cases.map(async ({ height, width, input, output, outputQ8 }) => ({
      height,
      width,
      input: await floats(input),
      output: await floats(precision === 'q8' ? outputQ8 : output),
    })),
  );
}
