import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import manifest from '../package.json' with { type: 'json' };
import { startServer } from './server.ts';
import { readSettings, type Settings } from './settings.ts';

const dist = fileURLToPath(new URL('../dist', import.meta.url));

/** What is on, one line each. */
function welcome(address: string, settings: Settings): string {
  const lines: [string, string][] = [
    ['storage', settings.DATA],
    ['links', settings.PUBLIC_ORIGIN ?? 'begin with http and the Host of each request; PUBLIC_ORIGIN says otherwise'],
    ['sites', settings.ADMIN_TOKEN ? 'on, for ADMIN_TOKEN' : 'nobody may create or change any: no ADMIN_TOKEN'],
    ['local keys', settings.LOCAL_KEYS === '1' ? 'on: pk_local and sk_local are good for everybody' : 'off'],
    ['denoising', `up to ${settings.EDGE_MAX_PIXELS} pixels and ${settings.EDGE_MAX_BYTES} bytes`],
    ['retention', `${settings.RETENTION_DAYS} days`],
  ];
  const table = lines.map(([name, value]) => `  ${name.padEnd(12)}${value}`);
  return [`degrain ${manifest.version} is up: ${address}`, ...table].join('\n');
}

function fail(reason: unknown): never {
  console.error(reason instanceof Error ? reason.message : reason);
  process.exit(1);
}

/**
 * npm puts a shell between itself and this process, and the shell passes no signal on: a parent that is gone is the only
 * sign that npm was told to stop.
 */
function whenOrphaned(leave: () => void): void {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    leave();
  }, 200).unref();
}

if (!existsSync(`${dist}/_headers`)) fail('Expected the built page in dist/ but found none. Build it: npm run build');
try {
  const settings = readSettings(process.env);
  const server = await startServer(settings, dist);
  console.log(welcome(server.address, settings));
  let stopping = false;
  const leave = () => {
    if (stopping) return;
    stopping = true;
    server.stop().then(() => process.exit(0), fail);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, leave);
  if (process.env.npm_lifecycle_event) whenOrphaned(leave);
} catch (failure) {
  fail(failure);
}
