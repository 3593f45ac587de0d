import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { root } from '../../test/paths.ts';
import { peersFolder } from './peers/install.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** An empty page: what runs in it is put there. */
const PAGE = '<!doctype html><title>Bench</title>';
/** TF.js as it is published, beside the one of the page. */
const TFJS = ['tfjs-core/dist/tf-core', 'tfjs-converter/dist/tf-converter', 'tfjs-backend-wasm/dist/tf-backend-wasm'];
const REALM = PAGE + TFJS.map((name) => `<script src="/tfjs/${name}.min.js"></script>`).join('');

export interface Served {
  /** `http://localhost:…/` */
  readonly origin: string;
  close(): void;
}

/** The bench's page, the peers and the published models, to a page that may have threads (cross-origin isolated). */
export async function serve(pageFolder: string): Promise<Served> {
  const folders: Record<string, string> = {
    page: `${pageFolder}/`,
    peers: peersFolder,
    tfjs: `${root}node_modules/@tensorflow/`,
    published: `${root}models/published/`,
    onnx: `${root}.local/onnx/`,
  };
  const read = (path: string): Promise<Buffer | string> | string => {
    if (path === '/') return PAGE;
    if (path === '/realm') return REALM;
    const [, name = '', rest = ''] = /^\/([a-z]+)\/((?:[^/.][^/]*\/)*[^/.][^/]*)$/.exec(path) ?? [];
    return folders[name] ? readFile(folders[name] + rest) : Promise.reject(new Error('not here'));
  };
  const server = createServer(async ({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    try {
      const body = await read(decodeURIComponent(pathname));
      response.writeHead(200, {
        'content-type':
          TYPES[extname(pathname)] ?? (typeof body === 'string' ? 'text/html' : 'application/octet-stream'),
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
      });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://localhost:${port}/`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
