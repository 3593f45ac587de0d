// What a photograph takes from file to file in headless Chromium, stage by stage: the library opens it, asks the edge
// for a plan, downloads the model, estimates the noise, starts an engine, runs the tiles, mixes and saves, as the app
// does. With --write into docs/performance.md and docs/images/whole-path.svg.
//   npx node bench/whole-path.ts [--megapixels 12] [--model fast] [--engine auto] [--write]
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { numberOption } from '../cli/command.ts';
import { launchChromium } from '../test/browser/chromium.ts';
import { openPage } from '../test/browser/page.ts';
import setup from '../test/global-setup.ts';
import { root } from '../test/paths.ts';
import { otherWork, table, writeBetween } from './table.ts';
import { drawWay, type Zone } from './whole-path/draw.ts';
import { type Ran, runInPage } from './whole-path/in-page.ts';
import { paintPhoto } from './whole-path/photo.ts';
import { type TraceEvent, type Way, wayOf } from './whole-path/stages.ts';

const { values } = parseArgs({
  options: {
    megapixels: { type: 'string', default: '12' },
    model: { type: 'string', default: 'fast' },
    engine: { type: 'string', default: 'auto' },
    write: { type: 'boolean', default: false },
  },
});

/** In the order of the table, with what the page's marks call them. */
const STAGES = {
  worker: 'start the worker',
  decode: 'decode',
  plan: 'plan',
  estimate: 'estimate the noise',
  weights: 'load the model',
  engine: 'start the engine',
  'first tile': 'first tile',
  tiles: 'all other tiles',
  mix: 'mix',
  slider: 'mix anew (a slider)',
  save: 'encode and save',
} as const;

async function trace(browser: Browser, page: Page, run: () => Promise<Ran>): Promise<{ ran: Ran; way: Way }> {
  const categories = ['disabled-by-default-devtools.timeline', 'blink.user_timing'];
  await browser.startTracing(page, { categories });
  const ran = await run();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  return { ran, way: wayOf(traceEvents, Object.keys(STAGES)) };
}

function report({ width, height, engine, tiles, savedBytes }: Ran, way: Way, fileBytes: number) {
  const { stages } = way;
  const whole = Math.max(...stages.map(({ to }) => to));
  const until = (name: string) => stages.find((stage) => stage.name === name)?.to ?? 0;
  const seconds = (ms: number) => (ms / 1000).toFixed(2);
  const rows = stages.map(({ name, from, to, mainBusy, workerBusy }) => [
    STAGES[name as keyof typeof STAGES],
    seconds(from),
    seconds(to - from),
    `${(((to - from) / whole) * 100).toFixed(1)} %`,
    seconds(mainBusy),
    seconds(workerBusy),
  ]);
  const head = ['stage', 'begins at, s', 'takes, s', 'of all', 'main thread busy, s', 'workers busy, s'];
  const size = `${width} x ${height} px, a JPEG of ${(fileBytes / 1e6).toFixed(1)} MB`;
  const text = `${table(head, rows)}

${size} in, ${(savedBytes / 1e6).toFixed(1)} MB out; \`${values.model}\` on \`${engine}\`, ${tiles} tiles; the first stands on the page after ${seconds(until('first tile'))} s, the file is saved after ${seconds(whole)} s.`;
  const zones: Zone[] = [
    { title: `to the first tile: ${seconds(until('first tile'))} s`, from: 0, to: until('first tile') },
    {
      title: `the other ${tiles - 1} tiles: ${seconds(until('tiles') - until('first tile'))} s`,
      from: until('first tile'),
      to: until('tiles'),
    },
    { title: `after the last: ${seconds(whole - until('tiles'))} s`, from: until('tiles'), to: whole },
  ];
  const named = stages.map((stage) => ({ ...stage, name: STAGES[stage.name as keyof typeof STAGES] }));
  const title = `${((width * height) / 1e6).toFixed(0)} megapixels from file to file with ${values.model} on ${engine}, seconds`;
  return { text, picture: drawWay(title, { ...way, stages: named }, zones) };
}

const megapixels = numberOption('megapixels', values.megapixels, 1, 100);
const other = otherWork();
await setup({ vitest: { projects: [{ name: 'browser' }] } } as never);
const { startEdge } = await import('../test/worker/harness.ts');
// software WebGPU only for who asks for it: the library leaves it alone, but its threads are in the way
const [edge, browser] = await Promise.all([startEdge(), launchChromium({ webgpu: /gpu|wgsl/.test(values.engine) })]);
const folder = await mkdtemp(join(tmpdir(), 'whole-path-'));
try {
  const file = join(folder, 'photo.jpg');
  const painter = await browser.newPage();
  await writeFile(file, await paintPhoto(painter, megapixels));
  await painter.close();
  const page = await openPage(browser, edge);
  await page.route('**/test-photo.jpg', (route) => route.fulfill({ path: file }));
  page.setDefaultTimeout(0);
  const { ran, way } = await trace(browser, page, () =>
    runInPage(page, '/test-photo.jpg', values.model, values.engine),
  );
  const { text, picture } = report(ran, way, (await readFile(file)).length);
  console.log(`${text} ${other}.`);
  console.error('the library says', ran.timings);
  if (values.write) {
    await writeFile(`${root}docs/images/whole-path.svg`, picture);
    await writeBetween(
      'performance.md',
      'whole-path',
      `![The stages of the table as bars](images/whole-path.svg)\n\n${text} ${other}.`,
    );
  }
} finally {
  await rm(folder, { recursive: true });
  await browser.close();
  await edge.close();
}
process.exit(0);
