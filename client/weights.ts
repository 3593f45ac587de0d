import { DegrainError } from '../models/errors.ts';
import { ask } from './edge/request.ts';
import { sha256 } from './sha256.ts';

/** A file whose bytes are known beforehand. */
export interface RemoteFile {
  readonly url: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface FetchOptions {
  readonly signal: AbortSignal;
  /** Bytes that arrived since the last call. */
  readonly onBytes?: (bytes: number) => void;
}

const CACHE = 'degrain-files-1';
/** Keys are addresses to Cache Storage. This one leads nowhere: the bytes' hash is all that counts. */
const keyOf = (hash: string) => `https://degrain.invalid/sha256/${hash}`;

/**
 * The file's bytes, from Cache Storage or the network, and never others: a cached copy that is damaged is dropped, a
 * download that is wrong is repeated once past all caches.
 *
 * @throws DegrainError `integrity` if the download is wrong twice, `network` if it does not come.
 */
export async function fetchVerified(file: RemoteFile, options: FetchOptions): Promise<Uint8Array<ArrayBuffer>> {
  const cache = await openCache();
  const cached = await readCache(cache, file);
  if (cached) {
    options.onBytes?.(file.bytes);
    return cached;
  }
  for (const mode of ['default', 'reload'] as const) {
    const bytes = await download(file, mode, options);
    if ((await sha256(bytes)) === file.sha256) {
      await writeCache(cache, file, bytes);
      return bytes;
    }
    options.onBytes?.(-bytes.length);
  }
  throw new DegrainError('integrity', {
    expected: `${file.url} with SHA-256 ${file.sha256}`,
    received: 'other bytes, twice',
    remedy: 'A proxy or an unfinished deployment changes the file: reload the page later, or deploy the model again.',
  });
}

async function download(
  file: RemoteFile,
  cache: RequestCache,
  { signal, onBytes }: FetchOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const response = await ask(file.url, { cache, signal });
  // One byte more than announced is kept, so that a longer file cannot pass for the right one.
  const bytes = new Uint8Array(file.bytes + 1);
  let length = 0;
  // not `for await`: Safari learned to iterate streams late
  const reader = response.body?.getReader();
  while (reader && length < bytes.length) {
    const { done, value } = await reader.read();
    if (done) break;
    const room = value.subarray(0, bytes.length - length);
    bytes.set(room, length);
    length += room.length;
    onBytes?.(room.length);
  }
  await reader?.cancel();
  return bytes.slice(0, length);
}

/** None in pages without a secure context, in some private windows and in sandboxed frames: then without. */
async function openCache(): Promise<Cache | undefined> {
  try {
    return await self.caches?.open(CACHE);
  } catch (reason) {
    console.debug('degrain: no Cache Storage', reason);
    return undefined;
  }
}

async function readCache(cache: Cache | undefined, file: RemoteFile): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const hit = await cache?.match(keyOf(file.sha256));
  if (!hit) return undefined;
  const bytes = new Uint8Array(await hit.arrayBuffer());
  if ((await sha256(bytes)) === file.sha256) return bytes;
  await cache?.delete(keyOf(file.sha256));
  return undefined;
}

async function writeCache(cache: Cache | undefined, file: RemoteFile, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  try {
    await cache?.put(keyOf(file.sha256), new Response(bytes));
  } catch (reason) {
    // a full disk: the next visit downloads again
    console.debug('degrain: not cached', reason);
  }
}
