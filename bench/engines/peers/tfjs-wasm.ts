import type * as wasm from '@tensorflow/tfjs-backend-wasm';
import type { loadGraphModel } from '@tensorflow/tfjs-converter';
import type * as core from '@tensorflow/tfjs-core';
import type { NetworkCard } from '../../../models/card.ts';
import type { Runner } from '../arm.ts';
import type { MemoryCounter } from '../memory.ts';
import { assertShards } from './tfjs.ts';

type Realm = typeof globalThis & {
  readonly tf: typeof core & { readonly wasm: typeof wasm; readonly loadGraphModel: typeof loadGraphModel };
};

/**
 * TF.js on WebAssembly as its scripts are published, in a frame of its own: its kernels know one backend at a time, and
 * that one number of threads; and its threads do not survive a bundler that renames what their script is cut from.
 */
export async function openTfjsWasm(
  model: string,
  card: NetworkCard,
  threads: number,
  memory: MemoryCounter,
): Promise<Runner> {
  assertShards(card);
  const frame = document.createElement('iframe');
  frame.src = '/realm';
  await new Promise((loaded) => {
    frame.onload = loaded;
    document.body.append(frame);
  });
  const realm = frame.contentWindow as unknown as Realm;
  memory.watch(realm);
  // it takes half of the processors at most, whatever it is asked for
  Object.defineProperty(realm.navigator, 'hardwareConcurrency', { value: 2 * threads });
  const { tf } = realm;
  tf.wasm.setWasmPaths('/tfjs/tfjs-backend-wasm/wasm-out/');
  tf.wasm.setThreadsCount(threads);
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', threads > 1);
  if (!(await tf.setBackend('wasm'))) throw new Error('TF.js did not start its backend');
  const started = tf.wasm.getThreadsCount();
  if (started !== threads) throw new Error(`Expected ${threads} threads but TF.js started ${started}`);
  const network = await tf.loadGraphModel(`${model}model.json`);
  return {
    async run(input, height, width) {
      // TF.js knows arrays by the constructors of its own realm
      const image = tf.tensor4d(new realm.Float32Array(input), [1, height, width, input.length / (height * width)]);
      const output = network.execute(image) as core.Tensor;
      const values = await output.data<'float32'>();
      image.dispose();
      output.dispose();
      return values as Float32Array;
    },
    dispose: () => network.dispose(),
  };
}
