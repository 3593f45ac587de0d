import type { GraphJson, ModelFiles } from '../../../models/engine.ts';
import { DegrainError } from '../../../models/errors.ts';
import { unpackHalves } from '../../../models/float16.ts';
import { decodeQ8 } from '../../../models/weights.ts';

/** A constant of the graph. */
export interface Constant {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

type Entry = GraphJson['weightsManifest'][number]['weights'][number];

/**
 * The graph's constants by name, from `weights.q8` or from float16 shards.
 *
 * @throws DegrainError `invalid-model` where the bytes are not what the graph lists.
 */
export function constantsOf({ graph, weights, precision }: Omit<ModelFiles, 'card'>): Map<string, Constant> {
  const entries = graph.weightsManifest.flatMap((group) => group.weights);
  const tensors = precision === 'q8' ? decodeQ8(weights) : decodeShards(entries, weights);
  const fits = ({ shape }: Entry, i: number) => tensors[i]?.length === sizeOf(shape);
  if (tensors.length !== entries.length || !entries.every(fits)) {
    throw wrongWeights(`the ${entries.length} tensors that model.json lists`, `${tensors.length} of other sizes`);
  }
  return new Map(
    entries.map(({ name, shape }, i): [string, Constant] => [name, { shape, values: tensors[i] as Float32Array }]),
  );
}

const sizeOf = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);

/** The exporter writes floats as float16 and integers as int32, little endian, one after the other. */
function decodeShards(entries: readonly Entry[], bytes: Uint8Array): Float32Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const tensors = entries.map(({ shape, dtype, quantization }) => {
    const halves = quantization?.dtype === 'float16';
    if (!halves && dtype !== 'int32') throw wrongWeights('float16 and int32 weights', quantization?.dtype ?? dtype);
    const values = new Float32Array(sizeOf(shape));
    const end = at + values.length * (halves ? 2 : 4);
    if (end > bytes.length) throw wrongWeights('more bytes of weights', `${bytes.length}`);
    if (halves) unpackHalves(bytes, at, values);
    else for (let i = 0; i < values.length; i++) values[i] = view.getInt32(at + i * 4, true);
    at = end;
    return values;
  });
  if (at !== bytes.length) throw wrongWeights(`${at} bytes of weights`, `${bytes.length}`);
  return tensors;
}

function wrongWeights(expected: string, received: string): DegrainError {
  return new DegrainError('invalid-model', {
    expected,
    received,
    remedy: 'Fetch model.json and the weights of the same version again.',
  });
}
