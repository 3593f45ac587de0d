import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from './build.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const port = Number(process.env.PORT || 8787);
const address = `http://localhost:${port}`;

/** Milliseconds that workerd gets to write its storage and leave before it is killed. */
const graceful = 5000;

/** Good at this local edge only. */
const adminToken = 'admin_local';

const welcome = `
degrain is up: ${address}

  site key (pages)      pk_local
  secret key (servers)  sk_local
  admin token (sites)   ${adminToken}

Try it:
  curl --data-binary @noisy.png -H 'content-type: image/png' -H 'authorization: Bearer sk_local' '${address}/v1/denoise?model=fast&sigma=auto' -o clean.png
  DEGRAIN_ENDPOINT=${address} DEGRAIN_ADMIN_TOKEN=${adminToken} npm run sites -- create --name Shop --origin https://shop.example

Ctrl-C stops it.
`;

async function portIsTaken(): Promise<boolean> {
  // `localhost` is two addresses; connecting tries both.
  const probe = connect({ port, host: 'localhost' });
  try {
    await once(probe, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    probe.destroy();
  }
}

const environment = { ...process.env, WRANGLER_SEND_METRICS: 'false', CLOUDFLARE_CF_FETCH_ENABLED: 'false' };

/** `wrangler dev` with all its storage in an ignored folder, in a process group of its own. */
function startEdge(): ChildProcess {
  const wrangler = `${root}node_modules/wrangler/bin/wrangler.js`;
  const options = {
    port,
    // 0: any free one. The default port would keep two local edges from running side by side.
    'inspector-port': 0,
    'persist-to': '.local/state',
    'show-interactive-dev-session': false,
    'log-level': 'warn',
  };
  return spawn(
    process.execPath,
    [
      ...[wrangler, 'dev', ...Object.entries(options).map(([name, value]) => `--${name}=${value}`)],
      ...['--var', 'LOCAL_KEYS:1', `ADMIN_TOKEN:${adminToken}`],
    ],
    {
      cwd: root,
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: environment,
    },
  );
}

/** The tables of the reports, in the same folder as all other storage. */
async function migrateReports(): Promise<void> {
  const wrangler = `${root}node_modules/wrangler/bin/wrangler.js`;
  const parts = ['d1', 'migrations', 'apply', 'REPORTS', '--local', '--persist-to', '.local/state'];
  // CI: it would ask first
  await promisify(execFile)(process.execPath, [wrangler, ...parts], { cwd: root, env: { ...environment, CI: '1' } });
}

function signalGroup(edge: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-(edge.pid as number), signal);
  } catch {
    // No process of the group is left.
    return false;
  }
}

/** Asks wrangler and workerd to stop, and leaves neither behind. */
async function stop(edge: ChildProcess): Promise<void> {
  signalGroup(edge, 'SIGTERM');
  const deadline = Date.now() + graceful;
  while (signalGroup(edge, 0) && Date.now() < deadline) await sleep(50);
  signalGroup(edge, 'SIGKILL');
}

async function answers(): Promise<boolean> {
  const response = await fetch(`${address}/healthz`).catch(() => null);
  return response?.ok ?? false;
}

if (await portIsTaken()) {
  console.error(`Port ${port} is taken. Stop what listens there, or choose another: PORT=8788 npm start`);
  process.exit(1);
}

console.log('Building…');
await build();
await migrateReports();
const edge = startEdge();

let stopping = false;
function leave(code: number): void {
  if (stopping) return;
  stopping = true;
  void stop(edge).then(() => process.exit(code));
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => leave(0));
edge.once('exit', (code) => leave(code ?? 1));

// npm puts a shell between itself and this process, and the shell passes no signal on: a parent that is gone is the
// only sign that npm was told to stop.
const parent = process.ppid;
setInterval(() => process.ppid !== parent && leave(0), 200);

while (!stopping && !(await answers())) await sleep(200);
if (!stopping) console.log(welcome);
