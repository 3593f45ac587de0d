import { loadGraphModelSync } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type { NetworkCard, Precision } from './card.ts';
import { DegrainError } from './errors.ts';
import type { TileImage } from './residual.ts';
import type { Rectangle, TilePlan } from './tiles.ts';
import { readQ8 } from './weights.ts';

/** Runs a denoiser on one window after the other. Engines are opened by their `EngineSource` and closed by `dispose`. */
export interface TileEngine {
  readonly name: string;
  /**
   * [1,H,W,channels] float32, 0..1, then the noise map as one more channel unless the model is blind ->
   * [1,H,W,channels]. H and W are multiples of the card's `sizeMultiple`.
   * @throws whatever the backend throws (lost device, out of memory); the pipeline then tries smaller windows.
   */
  run(input: Float32Array, height: number, width: number): Promise<Float32Array>;
  /**
   * Takes a whole picture, to cut its windows and to make residuals of their answers by itself; the pipeline then calls
   * `run` of what it returns. Undefined for a picture that it does not take, which goes through `run` above.
   */
  takePicture?(work: PictureWork): Promise<TakenPicture | undefined>;
  /** Windows that it gains from having at the same time, so that one is cut while others are computed; 1 unless told. */
  readonly inFlight?: number;
  /** The largest window that comes back soon enough, once that has been measured: below the source's, it counts. */
  readonly maxTilePixels?: number | undefined;
  dispose(): void;
}

/** A picture, and what its windows are. */
export interface PictureWork {
  readonly noisy: TileImage;
  readonly plan: TilePlan;
  /** Those of the picture that are the network's input, from one of `passesOver`. */
  readonly channels: readonly number[];
  /** 0..255; none for a blind model. */
  readonly sigma: number | undefined;
}

export interface TakenPicture {
  /**
   * What `cutWindow`, the engine's `run` and `writeResidual` do, within a step: writes noisy - denoised for `part` into
   * the picture's residual [H,W,C], in steps. Returns false if a value was no finite number. It writes nothing then,
   * nor if it throws, which it does as `run`.
   */
  run(part: Rectangle, residual: Int16Array): Promise<boolean>;
  /** Frees what it holds; nothing is under way any more. */
  release(): void;
}

/** An engine that can be opened, and the largest window to ask of it. `open` is called once per `denoise`. */
export interface EngineSource {
  readonly name: string;
  readonly maxTilePixels: number;
  /** The engine stays its source's: to keep for the next image, or to dispose. */
  open(): Promise<TileEngine>;
}

/** A model's graph as published in model.json: a TF.js GraphModel with one group of weights. */
export interface GraphJson {
  readonly modelTopology: object;
  readonly weightsManifest: readonly { readonly weights: readonly tf.io.WeightsManifestEntry[] }[];
  readonly signature?: object;
}

/** All that an engine needs: the card, the parsed graph, and the bytes of `weights.q8` or of the shards, joined. */
export interface ModelFiles {
  readonly card: NetworkCard;
  readonly graph: GraphJson;
  readonly weights: Uint8Array<ArrayBuffer>;
  readonly precision: Precision;
}

/**
 * The network in TF.js on one of its backends, which the caller has registered.
 *
 * @throws DegrainError `engine-unavailable` where the backend does not start.
 */
export async function openTfjsEngine(backend: string, name: string, files: ModelFiles): Promise<TileEngine> {
  await startBackend(backend);
  const { card } = files;
  const model = loadNetwork(files);
  const inputChannels = card.channels.input + (card.sigma.kind === 'map' ? 1 : 0);
  return {
    name,
    async run(input, height, width) {
      if (tf.getBackend() !== backend) await startBackend(backend);
      const image = tf.tensor4d(input, [1, height, width, inputChannels]);
      let output: tf.Tensor | undefined;
      try {
        output = model.execute({ [card.graph.input]: image }, card.graph.output) as tf.Tensor;
        return (await output.data<'float32'>()) as Float32Array;
      } finally {
        image.dispose();
        output?.dispose();
      }
    },
    dispose: () => model.dispose(),
  };
}

/** TF.js runs on whichever backend was started last: another engine's, if two are open. */
export async function startBackend(backend: string): Promise<void> {
  let received = 'a refusal';
  try {
    // a false here means that another backend stays active, whatever getBackend() says
    if (await tf.setBackend(backend)) return;
  } catch (failure) {
    received = String(failure);
  }
  throw new DegrainError('engine-unavailable', {
    expected: `the TF.js backend '${backend}' to start`,
    received,
    remedy: 'Use another engine.',
  });
}

export const loadNetwork = (files: ModelFiles) => loadGraphModelSync(artifacts(files));

function artifacts({ graph, weights, precision }: ModelFiles): tf.io.ModelArtifacts {
  const specs = graph.weightsManifest.flatMap((group) => group.weights);
  const common = { modelTopology: graph.modelTopology, ...(graph.signature && { signature: graph.signature }) };
  if (precision === 'f16') return { ...common, weightSpecs: [...specs], weightData: exactBuffer(weights) };
  const tensors = readQ8(weights);
  const sizes = specs.map((spec) => spec.shape.reduce((product, side) => product * side, 1));
  if (tensors.length !== specs.length || tensors.some(({ elements }, i) => elements !== sizes[i])) {
    throw new DegrainError('invalid-model', {
      expected: `the ${specs.length} tensors that model.json lists`,
      received: `${tensors.length} tensors of other sizes in weights.q8`,
      remedy: 'Fetch both files of the same version again.',
    });
  }
  const joined = new ArrayBuffer(sizes.reduce((bytes, size) => bytes + size * 4, 0));
  let offset = 0;
  for (const [i, { elements, unpack }] of tensors.entries()) {
    const values = new Float32Array(joined, offset, elements);
    unpack(values);
    // the constants of Slice are int32; every element has 4 bytes either way
    if (specs[i]?.dtype === 'int32') new Int32Array(joined, offset, elements).set(values.slice());
    offset += elements * 4;
  }
  const weightSpecs = specs.map(({ quantization: _, ...spec }) => spec);
  return { ...common, weightSpecs, weightData: joined };
}

/** TF.js reads whole buffers, and small files arrive as views into shared ones. */
function exactBuffer(bytes: Uint8Array<ArrayBuffer>): ArrayBuffer {
  const whole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
  return whole ? bytes.buffer : bytes.slice().buffer;
}
