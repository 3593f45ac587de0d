import type { PictureWork, TakenPicture } from '../../../models/engine.ts';
import type { TileImage } from '../../../models/residual.ts';
import { type Rectangle, windowOrigin } from '../../../models/tiles.ts';
import { gridOf, type PictureKernels } from './picture-kernels.ts';
import { Readbacks } from './readbacks.ts';
import { type Answer, runDispatches } from './run.ts';
import type { Dispatch, Tile } from './tile.ts';

/** Runs work on a tile of a size, `mostGmacs` in a submission, and reads its answer while that is mapped. */
export type Answering = <Result>(
  height: number,
  width: number,
  start: (tile: Tile, mostGmacs: number) => Promise<Answer>,
  read: (bytes: ArrayBuffer) => Result,
) => Promise<Result>;

/** bytes: of the uniform, 17 words, in sixteens. */
const UNIFORM = 80;
/** bytes: 64 megapixels of RGBA. GPUs may take more, but on phones and laptops it is the page's memory too. */
const MOST_PICTURE = 2 ** 28;
/** bytes: the word before the steps, 0 while all values are numbers. */
const HEAD = 4;

/**
 * The picture's samples on the GPU. Undefined where they are too many for one buffer, or there is no room for them.
 *
 * The caller has to wait for it under the eyes of watch-device.ts: a lost device may never answer.
 */
export async function uploadPicture(device: GPUDevice, { data }: TileImage): Promise<GPUBuffer | undefined> {
  const bytes = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
  const whole = bytes.length - (bytes.length % 4);
  const size = Math.ceil(bytes.length / 4) * 4;
  const { maxBufferSize, maxStorageBufferBindingSize } = device.limits;
  if (size > Math.min(MOST_PICTURE, maxBufferSize, maxStorageBufferBindingSize)) return undefined;
  device.pushErrorScope('out-of-memory');
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
  const buffer = device.createBuffer({ label: 'picture', size, usage });
  device.queue.writeBuffer(buffer, 0, bytes, 0, whole);
  if (whole < size) {
    const rest = new Uint8Array(4);
    rest.set(bytes.subarray(whole));
    device.queue.writeBuffer(buffer, whole, rest);
  }
  if (!(await device.popErrorScope())) return buffer;
  buffer.destroy();
  return undefined;
}

/** Windows cut from `samples`, and residuals of their answers in steps, both by the GPU. */
export function openPicture(
  device: GPUDevice,
  samples: GPUBuffer,
  kernels: PictureKernels,
  { noisy, plan, channels, sigma }: PictureWork,
  answering: Answering,
): TakenPicture {
  const { width, height } = plan.tile;
  const { channels: colours, step = colours, scale = 1 } = noisy;
  const depth = channels.length + (sigma === undefined ? 0 : 1);
  /** Words of a row of a part: two values to a word. */
  const wordsOf = (part: Pick<Rectangle, 'width'>) => Math.ceil((part.width * colours) / 2);
  const bytesOf = (part: Pick<Rectangle, 'width' | 'height'>) => HEAD + 4 * wordsOf(part) * part.height;
  const largest = {
    width: Math.max(...plan.tiles.map((part) => part.width)),
    height: Math.max(...plan.tiles.map((part) => part.height)),
  };
  const { STORAGE, UNIFORM: UNIFORMS, COPY_SRC, COPY_DST } = GPUBufferUsage;
  const uniform = device.createBuffer({ label: 'part', size: UNIFORM, usage: UNIFORMS | COPY_DST });
  const steps = device.createBuffer({
    label: 'residual',
    size: bytesOf(largest),
    usage: STORAGE | COPY_SRC | COPY_DST,
  });
  const readbacks = new Readbacks(device, steps.size);

  const describe = (part: Rectangle) => {
    const values = new DataView(new ArrayBuffer(UNIFORM));
    const origin = windowOrigin(plan, part);
    const integers = [
      ...[noisy.width, noisy.height, step, noisy.data.BYTES_PER_ELEMENT, colours, 0, channels.length, depth, 0],
      ...[origin.x, origin.y, width, height, part.x - origin.x, part.y - origin.y, part.width, part.height],
    ];
    integers.forEach((value, i) => {
      values.setUint32(4 * i, value, true);
    });
    values.setFloat32(4 * 5, scale, true);
    values.setFloat32(4 * 8, (sigma ?? 0) / 255, true);
    return values.buffer;
  };

  const bind = (pipeline: GPUComputePipeline, buffers: readonly GPUBuffer[]) =>
    device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
  let bound: { tile: Tile; cut: GPUBindGroup; residual: GPUBindGroup } | undefined;
  const bindingsOf = (tile: Tile) => {
    if (bound?.tile !== tile) {
      const cut = bind(kernels.cut, [uniform, samples, tile.image]);
      bound = { tile, cut, residual: bind(kernels.residual, [uniform, tile.image, tile.result, steps]) };
    }
    return bound;
  };

  const start = (tile: Tile, part: Rectangle, mostGmacs: number) => {
    const { cut, residual } = bindingsOf(tile);
    device.queue.writeBuffer(uniform, 0, describe(part));
    device.queue.writeBuffer(steps, 0, new Uint32Array(HEAD / 4));
    const dispatches: Dispatch[] = [
      { step: { pipeline: kernels.cut }, bindings: cut, workgroups: gridOf(width, height), gmacs: 0 },
      ...tile.dispatches,
      {
        step: { pipeline: kernels.residual },
        bindings: residual,
        workgroups: gridOf(wordsOf(part), part.height),
        gmacs: 0,
      },
    ];
    return runDispatches(device, dispatches, { source: steps, bytes: bytesOf(part), readbacks }, mostGmacs);
  };

  const write = (bytes: ArrayBuffer, part: Rectangle, residual: Int16Array) => {
    const [broken] = new Uint32Array(bytes, 0, 1);
    if (broken !== 0) return false;
    const values = new Int16Array(bytes, HEAD);
    const row = part.width * colours;
    for (let y = 0; y < part.height; y++) {
      const from = 2 * wordsOf(part) * y;
      residual.set(values.subarray(from, from + row), ((part.y + y) * noisy.width + part.x) * colours);
    }
    return true;
  };

  return {
    run: (part, residual) =>
      answering(
        height,
        width,
        (tile, mostGmacs) => start(tile, part, mostGmacs),
        (bytes) => write(bytes, part, residual),
      ),
    release() {
      for (const buffer of [samples, uniform, steps, readbacks]) buffer.destroy();
    },
  };
}
