import { DegrainError } from '../models/errors.ts';
import { ask, unreachable } from './edge/request.ts';
import { sha256 } from './sha256.ts';
import { fileKey, openCache, putIfPossible, putOrThrow } from './storage.ts';

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
  /** It has to stay on this device, or this fails. Unless told, it stays where it can. */
  readonly keep?: boolean;
}

/**
 * The file's bytes, from Cache Storage or the network, and never others: a cached copy that is damaged is dropped, a
 * download that is wrong is repeated once past all caches.
 *
 * @throws DegrainError `integrity` if the download is wrong twice, `network` if it does not come,
 * `storage` if it is to be kept and cannot be.
 */
export async function fetchVerified(file: RemoteFile, options: FetchOptions): Promise<Uint8Array<ArrayBuffer>> {
  const cache = await openCache('files');
  const cached = await readCache(cache, file);
  if (cached) {
    options.onBytes?.(file.bytes);
    return cached;
  }
  for (const mode of ['default', 'reload'] as const) {
    const bytes = await download(file, mode, options);
    if ((await sha256(bytes)) === file.sha256) {
      await (options.keep ? putOrThrow : putIfPossible)(cache, fileKey(file.sha256), bytes);
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

/** ms before a download that broke off is taken up again: networks change, trains leave tunnels. */
const PAUSES = [200, 1000, 3000];

/** What arrived before a break stays; a server that knows no ranges sends it again, and it is passed over. */
async function download(
  file: RemoteFile,
  cache: RequestCache,
  { signal, onBytes }: FetchOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  // One byte more than announced is kept, so that a longer file cannot pass for the right one.
  const bytes = new Uint8Array(file.bytes + 1);
  let length = 0;
  for (let attempt = 0; ; attempt++) {
    try {
      const { body, start } = await open(file, cache, length, signal);
      let at = start;
      // not `for await`: Safari learned to iterate streams late
      const reader = body?.getReader();
      while (reader && at < bytes.length) {
        const { done, value } = await reader.read();
        if (done) break;
        const room = value.subarray(0, bytes.length - at);
        bytes.set(room, at);
        at += room.length;
        if (at > length) onBytes?.(at - length);
        length = Math.max(length, at);
      }
      await reader?.cancel();
      return bytes.slice(0, at);
    } catch (failure) {
      signal.throwIfAborted();
      const pause = PAUSES[attempt];
      const isBroken = length > 0 && !(failure instanceof DegrainError && failure.code !== 'network');
      if (!isBroken || pause === undefined) {
        throw failure instanceof DegrainError ? failure : unreachable(file.url, String(failure), failure);
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** The file from byte `from` on, or from the start where the server has no ranges. */
async function open(file: RemoteFile, cache: RequestCache, from: number, signal: AbortSignal) {
  const headers = from > 0 ? { Range: `bytes=${from}-` } : undefined;
  const { status, body } = await ask(file.url, { cache, signal, ...(headers && { headers }) });
  return { body, start: status === 206 ? from : 0 };
}

async function readCache(cache: Cache | undefined, file: RemoteFile): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const hit = await cache?.match(fileKey(file.sha256));
  if (!hit) return undefined;
  const bytes = new Uint8Array(await hit.arrayBuffer());
  if ((await sha256(bytes)) === file.sha256) return bytes;
  await cache?.delete(fileKey(file.sha256));
  return undefined;
}

/** Whether the bytes are on this device, without reading them. */
export async function isHere(file: Pick<RemoteFile, 'sha256'>): Promise<boolean> {
  return (await (await openCache('files'))?.match(fileKey(file.sha256))) !== undefined;
}
