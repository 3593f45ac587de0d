import { softwareAdapter } from './dawn.ts';

/** An adapter, and what its device holds. */
export interface Watched {
  readonly adapter: GPUAdapter;
  readonly devices: GPUDevice[];
  /** Buffers that were created and not destroyed. */
  readonly buffers: Set<GPUBuffer>;
}

/**
 * SwiftShader with buffers that are counted, and full of NaN where WebGPU would have them zero: what is read before it
 * is written shows.
 */
export async function watchedAdapter(): Promise<Watched> {
  const adapter = await softwareAdapter();
  const devices: GPUDevice[] = [];
  const buffers = new Set<GPUBuffer>();
  const requestDevice = adapter.requestDevice.bind(adapter);
  adapter.requestDevice = async (options) => {
    const device = await requestDevice(options);
    devices.push(device);
    const createBuffer = device.createBuffer.bind(device);
    device.createBuffer = (descriptor) => {
      const isStorage = (descriptor.usage & GPUBufferUsage.STORAGE) !== 0;
      const usage = descriptor.usage | (isStorage ? GPUBufferUsage.COPY_DST : 0);
      const buffer = createBuffer({ ...descriptor, usage });
      if (isStorage) device.queue.writeBuffer(buffer, 0, new Float32Array(buffer.size / 4).fill(Number.NaN));
      buffers.add(buffer);
      const destroy = buffer.destroy.bind(buffer);
      buffer.destroy = () => {
        buffers.delete(buffer);
        return destroy();
      };
      return buffer;
    };
    return device;
  };
  return { adapter, devices, buffers };
}
