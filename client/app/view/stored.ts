import { connect, type Link } from '../../bridge.ts';
import type { DenoiseResult } from '../../index.ts';
import type { Item } from '../queue/item.ts';
import { errorOf, LOST } from '../queue/problems.ts';
import { readFile } from '../store/files.ts';
import type { StoredMethods } from './stored-worker.ts';

let worker: Link<StoredMethods> | undefined;

/** A finished photo as it lies on the disk: what can be said and shown of it without a network's run. */
export async function openStored({
  id,
  outcome,
}: Item): Promise<
  Pick<DenoiseResult<ImageData>, 'image' | 'width' | 'height' | 'sigma' | 'plan' | 'engine' | 'timings'>
> {
  const file = await readFile('results', id);
  if (!file || !outcome) throw errorOf(LOST);
  if (!worker || worker.closed) {
    worker = connect<StoredMethods>(new Worker(new URL('./stored-worker.ts', import.meta.url), { type: 'module' }));
  }
  const image = await worker.call('decode', new Blob([file], { type: outcome.type }));
  const { engine, sigma, milliseconds: total } = outcome;
  const timings = { decode: 0, plan: 0, estimate: 0, open: 0, tiles: 0, total };
  return { image, width: image.width, height: image.height, sigma, plan: undefined, engine, timings };
}
