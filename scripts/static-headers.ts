/** Seconds. */
const minute = 60;
const year = 365 * 24 * 3600;

/** Pages of any origin may load the file, cross-origin isolated ones (COEP) too. */
const embeddable = {
  'Access-Control-Allow-Origin': '*',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};

/** The name carries a version or a hash: the bytes behind it never change. */
const immutable = { 'Cache-Control': `public, max-age=${year}, immutable` };

/** The name stays and the bytes behind it change with each release. */
const shortLived = { 'Cache-Control': `public, max-age=${5 * minute}, stale-while-revalidate=${60 * minute}` };

/** Headers of the files that are served without running the worker, by path. */
const staticHeaders: Record<string, Record<string, string>> = {
  '/models/*': { ...immutable, ...embeddable },
  '/assets/*': { ...immutable, ...embeddable },
  '/degrain.js': { ...shortLived, ...embeddable },
};

/** The table above as Cloudflare's `_headers` file. */
export function headersFile(): string {
  return Object.entries(staticHeaders)
    .map(([path, headers]) => [path, ...Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`)])
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}
