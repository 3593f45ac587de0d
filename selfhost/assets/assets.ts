import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { getMimeType } from 'hono/utils/mime';
import { isUnchanged, requestedRange } from '../../worker/http/ranges.ts';
import { addressesOf } from './addresses.ts';
import { headersFor, readRules } from './rules.ts';

interface Asset {
  readonly path: string;
  readonly bytes: number;
  /** Strong: the SHA-256 of the file. */
  readonly etag: string;
  readonly type: string;
}

/** Of files that no rule says anything else for. */
const ASK_EACH_TIME = 'public, max-age=0, must-revalidate';

const HEADERS_FILE = '_headers';

/**
 * The files of a folder as Cloudflare's static assets answer them, and in parts, which those do not. What is there is
 * read once: no address reaches any other file.
 */
export class Assets {
  readonly #files = new Map<string, Asset>();
  readonly #redirects = new Map<string, string>();
  readonly #rules: ReturnType<typeof readRules>;

  constructor(folder: string) {
    this.#rules = readRules(readFileSync(join(folder, HEADERS_FILE), 'utf8'));
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const path = join(folder, file);
      if (file === HEADERS_FILE || !statSync(path).isFile()) continue;
      const contents = readFileSync(path);
      const etag = `"${createHash('sha256').update(contents).digest('hex')}"`;
      const type = getMimeType(file) ?? 'application/octet-stream';
      const { address, from } = addressesOf(file);
      this.#files.set(address, { path, bytes: contents.length, etag, type });
      for (const other of from) this.#redirects.set(other, address);
    }
  }

  /** Undefined where there is no such file. */
  answer(request: Request): Response | undefined {
    const url = new URL(request.url);
    const path = decoded(url.pathname);
    const address = this.#files.has(path) ? path : this.#redirects.get(path);
    const asset = address === undefined ? undefined : this.#files.get(address);
    if (address === undefined || !asset) return undefined;
    const headers = headersFor(url, this.#rules);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      headers.set('Allow', 'GET, HEAD');
      return new Response(null, { status: 405, headers });
    }
    // written in another way, rules would not know it
    if (url.pathname === encodeURI(address)) return serve(request, asset, headers);
    headers.set('Location', encodeURI(address) + url.search);
    return new Response(null, { status: 307, headers });
  }
}

function serve({ method, headers: asked }: Request, { path, bytes, etag, type }: Asset, headers: Headers): Response {
  if (!headers.has('Cache-Control')) headers.set('Cache-Control', ASK_EACH_TIME);
  headers.set('ETag', etag);
  headers.set('Accept-Ranges', 'bytes');
  if (isUnchanged(asked, etag)) return new Response(null, { status: 304, headers });
  const range = method === 'GET' ? requestedRange(asked, etag, bytes) : undefined;
  if (range === 'none') {
    headers.set('Content-Range', `bytes */${bytes}`);
    return new Response(null, { status: 416, headers });
  }
  if (!headers.has('Content-Type')) headers.set('Content-Type', type);
  const { offset, length } = range ?? { offset: 0, length: bytes };
  headers.set('Content-Length', String(length));
  if (range) headers.set('Content-Range', `bytes ${offset}-${offset + length - 1}/${bytes}`);
  return new Response(method === 'HEAD' || length === 0 ? null : read(path, offset, length), {
    status: range ? 206 : 200,
    headers,
  });
}

const read = (path: string, offset: number, length: number) =>
  Readable.toWeb(createReadStream(path, { start: offset, end: offset + length - 1 })) as ReadableStream;

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
