import { database } from '../store/database.ts';
import { removeFile, removeStrays, writeFile } from '../store/files.ts';
import type { Item } from './item.ts';

/** Held while files are written whose entries are not finished. */
const ARRIVALS = 'degrain-app-arrivals';

/** The photos that are here, in their order, the same in every tab: changes are written first and then told. */
export class Queue extends EventTarget {
  #items: readonly Item[] = [];
  readonly #others = new BroadcastChannel('degrain-app-queue');
  #reading = 0;

  constructor() {
    super();
    this.#others.onmessage = () => this.#read();
  }

  get items(): readonly Item[] {
    return this.#items;
  }

  find(id: string | undefined): Item | undefined {
    return this.#items.find((item) => item.id === id);
  }

  /** What was left here by the last visit. Once, before anything else. */
  async open(): Promise<void> {
    await this.#removeHalves();
    await this.#read();
  }

  /** @throws DOMException `QuotaExceededError` where the disk is full; the photos that are here stay. */
  async add(file: File, known: Pick<Item, 'type' | 'notes' | 'size' | 'settings'>): Promise<Item> {
    const item: Item = {
      id: crypto.randomUUID(),
      name: file.name,
      bytes: file.size,
      place: Date.now() + performance.now() / 1e6,
      state: 'arriving',
      begun: 0,
      ...known,
    };
    return navigator.locks.request(ARRIVALS, { mode: 'shared' }, async () => {
      await this.#put(item);
      try {
        await writeFile('photos', item.id, file);
      } catch (failure) {
        await (await database()).delete('items', item.id);
        throw failure;
      }
      const arrived = { ...item, state: 'waiting' } as const;
      await this.#put(arrived);
      await this.#changed();
      return arrived;
    });
  }

  /** Read and written in one go, so that two tabs cannot undo each other's changes. Undefined where it is gone. */
  async update(id: string, change: (item: Item) => Partial<Item>): Promise<Item | undefined> {
    const transaction = (await database()).transaction('items', 'readwrite');
    const item = await transaction.store.get(id);
    const changed = item && { ...item, ...change(item) };
    if (changed) await transaction.store.put(changed);
    await transaction.done;
    await this.#changed();
    return changed;
  }

  async remove(id: string): Promise<void> {
    await (await database()).delete('items', id);
    await this.#changed();
    await removeFile('photos', id);
    await removeFile('results', id);
  }

  /** One place towards the front (-1) or the back (1). */
  async move(id: string, by: -1 | 1): Promise<void> {
    const at = this.#items.findIndex((item) => item.id === id);
    const [item, other] = [this.#items[at], this.#items[at + by]];
    if (!item || !other) return;
    await this.update(item.id, () => ({ place: other.place }));
    await this.update(other.id, () => ({ place: item.place }));
  }

  /** Of a page or worker that is done with it. */
  close(): void {
    this.#others.close();
  }

  async #put(item: Item): Promise<void> {
    await (await database()).put('items', item);
  }

  async #changed(): Promise<void> {
    this.#others.postMessage('changed');
    await this.#read();
  }

  async #read(): Promise<void> {
    const reading = ++this.#reading;
    const items = await (await database()).getAll('items');
    // of two that overlap the later one is right
    if (reading !== this.#reading) return;
    this.#items = items.filter(({ state }) => state !== 'arriving').sort((a, b) => a.place - b.place);
    this.dispatchEvent(new Event('change'));
  }

  /** Entries without their file and files without an entry, of a tab that ended in between; not those of now. */
  async #removeHalves(): Promise<void> {
    await navigator.locks.request(ARRIVALS, { ifAvailable: true }, async (lock) => {
      if (!lock) return;
      const tables = await database();
      for (const { id, state } of await tables.getAll('items')) {
        if (state === 'arriving') await tables.delete('items', id);
      }
      await removeStrays(new Set(await tables.getAllKeys('items')));
    });
  }
}
