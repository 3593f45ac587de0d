import { gzipSync } from 'node:zlib';

export const KIB = 1024;

/** Bytes of the whole upload, gzip: what Cloudflare limits, and what an isolate has to read before its first answer. */
export const BUDGET = 400 * KIB;

/** esbuild's account of what went into each output. */
export interface Metafile {
  readonly outputs: Record<string, { readonly inputs: Record<string, { readonly bytesInOutput: number }> }>;
}

export interface Part {
  readonly name: string;
  /** In the bundle, before compression. */
  readonly bytes: number;
}

/** The modules of an upload, compressed in one go as wrangler reports it. */
export const gzipBytes = (modules: readonly Uint8Array[]): number => gzipSync(Buffer.concat(modules)).length;

/** What takes the space, by package, or by folder of ours; the largest first. */
export function partsOf({ outputs }: Metafile): Part[] {
  const bytes = new Map<string, number>();
  for (const { inputs } of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const name = ownerOf(path);
      bytes.set(name, (bytes.get(name) ?? 0) + bytesInOutput);
    }
  }
  return [...bytes].map(([name, bytes]) => ({ name, bytes })).sort((a, b) => b.bytes - a.bytes);
}

/** The package of a module, the innermost where they nest; else its first two folders. */
function ownerOf(path: string): string {
  const inPackage = path.split('node_modules/').at(-1) as string;
  if (inPackage !== path)
    return inPackage
      .split('/')
      .slice(0, inPackage.startsWith('@') ? 2 : 1)
      .join('/');
  const folders = path
    .replace(/^(\.\.?\/)+/, '')
    .split('/')
    .slice(0, -1);
  return folders.slice(0, 2).join('/') || path;
}
