import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unstable_readConfig } from 'wrangler';
import { root, stateFolder } from '../paths.ts';

/**
 * workerd itself, without the proxy that wrangler's harness has in front of it: that one keeps from the worker that a
 * client has hung up, which is what this is about.
 */
let workerd: ChildProcess;
let address: URL;

beforeAll(async () => {
  const folder = `${stateFolder}gate/`;
  await mkdir(folder, { recursive: true });
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      lib: { entry: `${root}test/worker/gate-worker.ts`, formats: ['es'], fileName: 'worker' },
      outDir: folder,
      copyPublicDir: false,
    },
  });
  const { compatibility_date, compatibility_flags } = unstable_readConfig({ config: `${root}wrangler.toml` });
  const port = await freePort();
  await writeFile(
    `${folder}config.capnp`,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "gate", worker = (
    modules = [(name = "worker.js", esModule = embed "worker.js")],
    compatibilityDate = "${compatibility_date}",
    compatibilityFlags = ${JSON.stringify(compatibility_flags)},
  ))],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "gate")],
);
`,
  );
  workerd = spawn(`${root}node_modules/workerd/bin/workerd`, ['serve', `${folder}config.capnp`], { stdio: 'inherit' });
  address = new URL(`http://127.0.0.1:${port}`);
  for (let tries = 0; tries < 100; tries++) {
    if (
      await enter(0).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await wait(100);
  }
  throw new Error('workerd does not start');
});

afterAll(async () => {
  workerd.kill();
  await once(workerd, 'exit');
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

const enter = (ms: number) => fetch(new URL(`/?ms=${ms}`, address));

/** A client that hangs up when told to, at once. */
function visit(ms: number): () => void {
  const socket = connect(Number(address.port), address.hostname);
  socket.on('error', () => undefined);
  socket.write(`GET /?ms=${ms} HTTP/1.1\r\nHost: ${address.host}\r\n\r\n`);
  return () => socket.resetAndDestroy();
}

test('one at a time, in the order of coming', async () => {
  const order: number[] = [];
  const come = async (name: number) => {
    const response = await enter(150);
    order.push(name);
    return (await response.json()) as { together: number };
  };
  const all = [come(1)];
  for (const name of [2, 3]) {
    await wait(40);
    all.push(come(name));
  }
  expect(await Promise.all(all)).toEqual([{ together: 1 }, { together: 1 }, { together: 1 }]);
  expect(order).toEqual([1, 2, 3]);
});

test('who finds no place is sent away soon, who waits too long at last', async () => {
  const inside = enter(2500);
  await wait(50);
  const waiting = [enter(1), enter(1)];
  await wait(50);
  const started = performance.now();
  expect((await enter(1)).status).toBe(503);
  expect(performance.now() - started).toBeLessThan(500);
  for (const response of await Promise.all(waiting)) expect(response.status).toBe(503);
  expect((await inside).status).toBe(200);
});

test('whose client hangs up inside makes room', async () => {
  const hangUp = visit(60_000);
  await wait(100);
  const next = enter(1);
  await wait(100);
  hangUp();
  expect((await next).status).toBe(200);
});

test('whose client hangs up while waiting makes room', async () => {
  const inside = enter(2400);
  await wait(50);
  const hangUps = [visit(1), visit(1)];
  await wait(50);
  for (const hangUp of hangUps) hangUp();
  await wait(1100);
  // both places are taken by nobody, which the next one has to find out
  expect((await enter(1)).status).toBe(200);
  expect((await inside).status).toBe(200);
});
