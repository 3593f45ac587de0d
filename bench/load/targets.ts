import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../../test/paths.ts';

/** How a whole edge is started on a port and a folder for all its storage, with the local keys. */
type Start = (port: number, storage: string) => { parts: string[]; env?: Record<string, string> };

const TARGETS = {
  /** As `npm start` does: wrangler, workerd, SQLite objects. */
  wrangler: (port, storage) => ({
    parts: [
      ...[`${root}node_modules/wrangler/bin/wrangler.js`, 'dev', '--log-level=error', '--inspector-port=0'],
      ...[`--port=${port}`, `--persist-to=${storage}`, '--show-interactive-dev-session=false', '--var=LOCAL_KEYS:1'],
    ],
  }),
  /** As `npm run start:node` does. */
  node: (port, storage) => ({
    parts: [`${root}selfhost/main.ts`],
    env: { PORT: String(port), DATA: storage, LOCAL_KEYS: '1' },
  }),
} as const satisfies Record<string, Start>;

export type TargetName = keyof typeof TARGETS;
export const TARGET_NAMES = Object.keys(TARGETS) as TargetName[];

/** Starting takes seconds, and many where the machine is busy. */
const START_MS = 120_000;

/** An edge that can be killed at any moment. */
export interface Mortal {
  readonly url: URL;
  /** SIGKILL to all of its processes. */
  kill(): Promise<void>;
}

export async function startTarget(name: TargetName, storage: string): Promise<Mortal> {
  const start: Start = TARGETS[name];
  const port = await freePort();
  const { parts, env } = start(port, storage);
  const child = spawn(process.execPath, parts, {
    cwd: root,
    // a group of its own: workerd is no child of ours, and wrangler must not outlive it to start it again
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...env },
  });
  const exited = once(child, 'exit');
  const url = new URL(`http://127.0.0.1:${port}`);
  const kill = async () => {
    killGroup(child);
    await exited;
  };
  const until = Date.now() + START_MS;
  while (!(await isUp(url))) {
    if (child.exitCode !== null || Date.now() > until) {
      await kill();
      throw new Error(`Expected ${name} to start but it did not.`);
    }
    await sleep(100);
  }
  return { url, kill };
}

function killGroup(child: ChildProcess): void {
  try {
    process.kill(-(child.pid as number), 'SIGKILL');
  } catch {
    // nothing of it is left
  }
}

const isUp = (url: URL) =>
  fetch(new URL('/healthz', url)).then(
    ({ ok }) => ok,
    () => false,
  );

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
