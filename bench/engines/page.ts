import { findGpu } from '../../client/engine/gpu.ts';
import { openWasm } from '../../client/engine/wasm.ts';
import { openWebgpu } from '../../client/engine/webgpu.ts';
import { openWgsl } from '../../client/engine/wgsl/engine.ts';
import type { NetworkCard, Precision } from '../../models/card.ts';
import type { GraphJson } from '../../models/engine.ts';
import { type Measurement, measure, type Task } from './measure.ts';
import { countMemory } from './memory.ts';

/** As it travels into the page: bytes in Base64. */
export interface Parcel extends Omit<Task, 'golden'> {
  readonly card: NetworkCard;
  readonly graph: GraphJson;
  readonly weights: string;
  readonly precision: Precision;
  readonly golden: readonly { height: number; width: number; input: string; output: string }[];
}

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
const floatsOf = (base64: string) => new Float32Array(bytesOf(base64).buffer);

/** What the engines of the browser take; called by in-chromium.ts. */
export async function measureHere(parcel: Parcel): Promise<{ adapter: string; found: Measurement[] }> {
  const files = { ...parcel, weights: bytesOf(parcel.weights) };
  const golden = parcel.golden.map((each) => ({ ...each, input: floatsOf(each.input), output: floatsOf(each.output) }));
  const memory = countMemory();
  const gpu = async () => {
    const found = await findGpu();
    if (!found) throw new Error('Expected a WebGPU adapter but found none');
    return found;
  };
  const { adapter, name } = await gpu();
  const arms = [
    { name: 'wgsl', open: async () => openWgsl((await gpu()).adapter, files, []) },
    ...(adapter.features.has('shader-f16')
      ? [{ name: 'wgsl, f16', open: async () => openWgsl((await gpu()).adapter, files, [], { arithmetic: 'f16' }) }]
      : []),
    { name: 'tfjs-webgpu', open: async () => openWebgpu((await gpu()).adapter, files, []) },
    { name: 'wasm', open: () => openWasm(files) },
  ];
  return { adapter: name, found: await measure(arms, memory, { ...parcel, golden }) };
}
