// What a photograph takes in the browser: the worker's JavaScript heap with its buffers, as Chromium counts it, and the
// most that the page's whole process had in memory, decoded bitmaps and encoders included.
//   npx node bench/browser-memory.ts [megapixels]
import { readdirSync, readFileSync } from 'node:fs';
import type { CDPSession } from 'playwright-core';
import { build } from '../scripts/build.ts';
import { launchChromium } from '../test/browser/chromium.ts';
import { openPage } from '../test/browser/page.ts';
import { buildWorker } from '../test/global-setup.ts';
import { startEdge } from '../test/worker/harness.ts';

const MB = 1e6;
const megapixels = Number(process.argv[2] ?? 24);
const width = Math.round(Math.sqrt((megapixels * MB * 3) / 2));
const height = Math.round((megapixels * MB) / width);

if (!process.env.DEGRAIN_BUILT) {
  await build();
  await buildWorker();
}
const [edge, browser] = await Promise.all([startEdge(), launchChromium({ webgpu: false })]);
const page = await openPage(browser, edge);
const heap = await watchWorkers(await page.context().newCDPSession(page));

/** Most of the renderer that has had most, MB. */
function peakRss(): number {
  const peaks = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((id) => {
      try {
        const isRenderer = readFileSync(`/proc/${id}/cmdline`, 'latin1').includes('--type=renderer');
        const peak = readFileSync(`/proc/${id}/status`, 'utf8').match(/VmHWM:\s+(\d+) kB/)?.[1];
        return isRenderer ? Number(peak ?? 0) / 1000 : 0;
      } catch {
        return 0;
      }
    });
  return Math.max(...peaks);
}

/** JavaScript objects and array buffers of the worker, MB, asked for whenever it has a moment: the most that was seen. */
async function watchWorkers(session: CDPSession) {
  let most = 0;
  let id = 0;
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { result } = JSON.parse(message) as { result?: { usedSize: number; backingStorageSize?: number } };
    if (result?.usedSize) most = Math.max(most, (result.usedSize + (result.backingStorageSize ?? 0)) / MB);
  });
  session.on('Target.attachedToTarget', ({ sessionId }) => {
    const ask = () => {
      const message = JSON.stringify({ id: ++id, method: 'Runtime.getHeapUsage' });
      session.send('Target.sendMessageToTarget', { sessionId, message }).catch(() => clearInterval(timer));
    };
    const timer = setInterval(ask, 50);
  });
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  return { most: () => most };
}

const before = peakRss();
await page.evaluate(
  async ([width, height]) => {
    const canvas = new OffscreenCanvas(width as number, height as number);
    canvas.getContext('2d')?.putImageData(window.probe.scene(512, 512, 20).noisy, 100, 100);
    const file = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
    Object.assign(window, { file });
  },
  [width, height],
);
const made = peakRss();
const step = async (name: string, run: () => Promise<unknown>) => {
  const started = performance.now();
  await run();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `${name.padEnd(18)} ${seconds.padStart(6)} s  heap ${heap.most().toFixed(0)} MB  process ${peakRss().toFixed(0)} MB`,
  );
};
console.log(
  `${width} x ${height}; the page's process had ${before.toFixed(0)} MB, making the file took it to ${made.toFixed(0)} MB`,
);
const result = await page.evaluateHandle(() => ({ denoiser: undefined, result: undefined }) as never);
await step('denoise', () =>
  result.evaluate(async (held: Record<string, unknown>) => {
    const denoiser = await window.degrain.createDenoiser({ key: 'pk_local', model: 'mean' });
    held.denoiser = denoiser;
    held.result = await denoiser.denoise((window as unknown as { file: Blob }).file);
  }),
);
for (const type of ['image/jpeg', 'image/png']) {
  await step(`blob(${type})`, () =>
    result.evaluate(async (held: never, type) => {
      await (held as { result: { blob(type: string): Promise<Blob> } }).result.blob(type);
    }, type),
  );
}
await browser.close();
await edge.close();
