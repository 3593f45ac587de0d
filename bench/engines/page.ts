import { findGpu } from '../../client/engine/gpu.ts';
import { openKernels } from '../../client/engine/wasm/engine.ts';
import { startTileWorker } from '../../client/engine/wasm/start-tile-worker.ts';
import type { NetworkCard } from '../../models/card.ts';
import type { GraphJson, ModelFiles } from '../../models/engine.ts';
import type { Host } from './arm.ts';
import { armsOf } from './arms.ts';
import { countMemory, type MemoryCounter } from './memory.ts';
import { type OnnxFiles, presentFile } from './peers/onnx-runtime.ts';
import { openTfjsWasm } from './peers/tfjs-wasm.ts';
import { type Outcome, type Request, runSession } from './session.ts';

/** As it travels into the page: bytes in Base64. */
export interface Parcel extends Omit<Request, 'golden'> {
  readonly card: NetworkCard;
  readonly graph: GraphJson;
  readonly weights: string;
  readonly golden: readonly { height: number; width: number; input: string; output: { f16: string; q8: string } }[];
  /** Addresses. */
  readonly model: string;
  readonly onnx: OnnxFiles;
}

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
const floatsOf = (base64: string) => new Float32Array(bytesOf(base64).buffer);

/** What the engines of the browser take; called by in-chromium.ts. */
export async function measureHere(parcel: Parcel): Promise<Outcome> {
  const { card, graph, precision } = parcel;
  const files: ModelFiles = { card, graph, precision, weights: bytesOf(parcel.weights) };
  const golden = parcel.golden.map(({ input, output, ...size }) => ({
    ...size,
    input: floatsOf(input),
    output: { f16: floatsOf(output.f16), q8: floatsOf(output.q8) },
  }));
  const memory = countMemory();
  const host = hostOf(parcel, memory);
  return runSession(armsOf(host, files), memory, card, { ...parcel, golden }, host.adapter);
}

function hostOf({ model, card, onnx }: Parcel, memory: MemoryCounter): Host {
  const peer = (path: string) => new URL(`/peers/${path}`, location.href).href;
  return {
    async adapter() {
      const found = await findGpu();
      if (!found) throw new Error('Expected a WebGPU adapter but found none');
      return found.adapter;
    },
    model,
    peer,
    onnx: async (half) =>
      new Uint8Array(await (await fetch(presentFile(half ? onnx.half : onnx.single))).arrayBuffer()),
    openWasm: (files, workers) => openKernels(files, async () => [], startTileWorker, workers),
    openTfjsWasm: (threads) => openTfjsWasm(model, card, threads, memory),
    // a number of threads holds for a module, and a question makes another module of the same file
    ortWasm: (threads) => `${peer('onnxruntime-web/dist/ort.wasm.bundle.min.mjs')}?threads=${threads}`,
  };
}
