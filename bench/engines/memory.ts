/** Bytes of GPU buffers and of WebAssembly memory, by who asked for them. */
export interface MemoryCounter {
  /** Whose is what is asked for from now on. */
  owner: string;
  /** The most that each owner had at a time. */
  readonly peaks: ReadonlyMap<string, number>;
}

/** Counts from now on; once per process or page. Buffers that an engine keeps for later are counted: they are taken. */
export function countMemory(): MemoryCounter {
  const peaks = new Map<string, number>();
  const live = new Map<string, number>();
  const counter = { owner: '', peaks };
  const add = (owner: string, bytes: number) => {
    const now = (live.get(owner) ?? 0) + bytes;
    live.set(owner, now);
    peaks.set(owner, Math.max(peaks.get(owner) ?? 0, now));
  };
  if (typeof GPUDevice === 'function') {
    const owners = new WeakMap<GPUBuffer, string>();
    const { createBuffer } = GPUDevice.prototype;
    GPUDevice.prototype.createBuffer = function (descriptor) {
      const buffer = createBuffer.call(this, descriptor);
      owners.set(buffer, counter.owner);
      add(counter.owner, descriptor.size);
      return buffer;
    };
    const { destroy } = GPUBuffer.prototype;
    GPUBuffer.prototype.destroy = function () {
      const owner = owners.get(this);
      owners.delete(this);
      if (owner !== undefined) add(owner, -this.size);
      return destroy.call(this);
    };
  }
  const { grow } = WebAssembly.Memory.prototype;
  WebAssembly.Memory.prototype.grow = function (pages) {
    const before = grow.call(this, pages);
    const { byteLength } = this.buffer;
    add(counter.owner, byteLength - (live.get(counter.owner) ?? 0));
    return before;
  };
  return counter;
}
