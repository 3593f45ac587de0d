/** Buffers that answers are copied to and mapped in: as many as are read at a time, made when they are needed. */
export class Readbacks {
  readonly #device: GPUDevice;
  readonly #size: number;
  readonly #made: GPUBuffer[] = [];
  readonly #free: GPUBuffer[] = [];

  /** `size` of each, bytes. */
  constructor(device: GPUDevice, size: number) {
    this.#device = device;
    this.#size = size;
  }

  take(): GPUBuffer {
    const free = this.#free.pop();
    if (free) return free;
    const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
    const made = this.#device.createBuffer({ label: 'readback', size: this.#size, usage });
    this.#made.push(made);
    return made;
  }

  /** Back, and no longer mapped. */
  give(buffer: GPUBuffer): void {
    buffer.unmap();
    this.#free.push(buffer);
  }

  destroy(): void {
    for (const buffer of this.#made) buffer.destroy();
  }
}
