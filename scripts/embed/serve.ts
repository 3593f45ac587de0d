import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { build } from 'vite';
import { root } from '../root.ts';

/** Folders of docs/embed/. */
export const EXAMPLES = ['plain', 'react', 'vue'] as const;
export type Example = (typeof EXAMPLES)[number];

/** Where the examples expect the edge: what `npm start` says. Another one takes its place when they are served. */
const LOCAL_EDGE = 'http://localhost:8787';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

export interface Served {
  readonly url: string;
  close(): void;
}

/** Builds an example, if it is one to build, and serves it on an origin of its own. Port 0 is any free one. */
export async function serveExample(name: Example, edge: string, port: number): Promise<Served> {
  const source = `${root}docs/embed/${name}`;
  const folder = name === 'plain' ? source : await buildExample(name, source);
  const read = async (path: string) => (await readFile(join(folder, path), 'utf8')).replaceAll(LOCAL_EDGE, edge);
  const policy = name === 'plain' ? (await read('policy.txt')).trim() : undefined;
  const server = createServer(async ({ url = '/' }, response) => {
    const path = normalize(new URL(url, 'http://localhost').pathname).replace(/\/$/, '/index.html');
    const type = TYPES[extname(path)];
    const body = type && (await read(path).catch(() => undefined));
    if (body === undefined) return response.writeHead(404).end();
    return response
      .writeHead(200, { 'Content-Type': type, ...(policy && { 'Content-Security-Policy': policy }) })
      .end(body);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close(),
  };
}

async function buildExample(name: Example, source: string): Promise<string> {
  const outDir = `${root}.local/embed/${name}`;
  await build({
    logLevel: 'warn',
    root: source,
    base: './',
    build: { outDir, emptyOutDir: true, target: 'es2023' },
  });
  return outDir;
}
