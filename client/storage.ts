import { DegrainError } from '../models/errors.ts';

/** What is kept in Cache Storage. `files` go by their bytes' hash, `models` by edge, id and version. */
const CACHES = { files: 'degrain-files-1', models: 'degrain-models-1' } as const;

/** Keys are addresses to Cache Storage. These lead nowhere: whoever served a file, its hash is all that counts. */
export const fileKey = (sha256: string) => `https://degrain.invalid/sha256/${sha256}`;

/** None in pages without a secure context, in some private windows and in sandboxed frames: then without. */
export async function openCache(name: keyof typeof CACHES): Promise<Cache | undefined> {
  try {
    return await self.caches?.open(CACHES[name]);
  } catch (reason) {
    console.debug('degrain: no Cache Storage', reason);
    return undefined;
  }
}

/** For what makes things faster only: a full disk means that the next visit downloads again. */
export async function putIfPossible(cache: Cache | undefined, key: string, body: BodyInit): Promise<void> {
  if (cache) await putOrThrow(cache, key, body).catch((reason) => console.debug('degrain: not kept', reason));
}

/** For what has been asked to be kept. @throws DegrainError `storage` */
export async function putOrThrow(cache: Cache | undefined, key: string, body: BodyInit): Promise<void> {
  if (!cache) {
    const expected = 'a page that may keep files (Cache Storage)';
    const remedy = 'Open it over https://, outside of private windows and of sandboxed frames.';
    throw new DegrainError('storage', { expected, received: 'none', remedy });
  }
  try {
    await cache.put(key, new Response(body));
  } catch (cause) {
    const expected = 'room on this device for the files';
    const remedy = 'Free some space, or forget models that are kept (`listKept`, `forgetModel`), and try again.';
    throw new DegrainError('storage', { expected, received: String(cause), remedy }, cause);
  }
}
