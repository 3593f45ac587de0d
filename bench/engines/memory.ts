/** Bytes of GPU buffers and of WebAssembly memory, by who asked for them. */
export interface MemoryCounter {
  /** Whose is what is asked for from now on. */
  owner: string;
  /** The most that an owner had at a time so far; WebAssembly's memory never shrinks. */
  peak(owner: string): number;
  /** Counts in another realm of the same process, too. */
  watch(realm: typeof globalThis): void;
}

/** Counts from now on; once per process or page. Buffers that an engine keeps for later are counted: they are taken. */
export function countMemory(): MemoryCounter {
  const buffers = new Map<string, { now: number; most: number }>();
  const memories = new Map<string, Set<WebAssembly.Memory>>();
  const addBuffer = (owner: string, bytes: number) => {
    const { now, most } = buffers.get(owner) ?? { now: 0, most: 0 };
    buffers.set(owner, { now: now + bytes, most: Math.max(most, now + bytes) });
  };
  const counter: MemoryCounter = {
    owner: '',
    peak(owner) {
      const linear = [...(memories.get(owner) ?? [])].reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
      return linear + (buffers.get(owner)?.most ?? 0);
    },
    watch: (realm) =>
      watchWebAssembly(realm, (memory) => {
        memories.set(counter.owner, (memories.get(counter.owner) ?? new Set()).add(memory));
      }),
  };
  counter.watch(globalThis);
  if (typeof GPUDevice === 'function') watchBuffers(() => counter.owner, addBuffer);
  return counter;
}

/** Memory is made by a script (shared ones are), or by the module that it instantiates. */
function watchWebAssembly(realm: typeof globalThis, add: (memory: WebAssembly.Memory) => void): void {
  const { Memory, instantiate, instantiateStreaming } = realm.WebAssembly;
  const note = <Result>(result: Result): Result => {
    const instance = (result as Partial<WebAssembly.WebAssemblyInstantiatedSource>).instance ?? result;
    for (const each of Object.values((instance as WebAssembly.Instance).exports)) if (each instanceof Memory) add(each);
    return result;
  };
  Object.assign(realm.WebAssembly, {
    Memory: new Proxy(Memory, {
      construct(target, [descriptor]) {
        const memory = new target(descriptor);
        add(memory);
        return memory;
      },
    }),
    instantiate: async (...source: Parameters<typeof instantiate>) => note(await instantiate(...source)),
    instantiateStreaming: async (...source: Parameters<typeof instantiateStreaming>) =>
      note(await instantiateStreaming(...source)),
  });
}

function watchBuffers(owner: () => string, add: (owner: string, bytes: number) => void): void {
  const owners = new WeakMap<GPUBuffer, string>();
  const { createBuffer } = GPUDevice.prototype;
  GPUDevice.prototype.createBuffer = function (descriptor) {
    const buffer = createBuffer.call(this, descriptor);
    owners.set(buffer, owner());
    add(owner(), descriptor.size);
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
