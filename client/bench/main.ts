import { findGpu } from '../engine/gpu.ts';
import { DegrainError, type EngineName } from '../index.ts';
import { element } from '../page/element.ts';
import { type Measured, measure } from './measure.ts';

const RUNS = 5;

const run = element('run', HTMLButtonElement);
const cancel = element('cancel', HTMLButtonElement);
const copy = element('copy', HTMLButtonElement);
let running: AbortController | undefined;
let markdown = '';

element('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  if (running) return;
  running = new AbortController();
  setRunning(true);
  try {
    await runAll(running.signal);
    say('Done.');
  } catch (reason) {
    say(running.signal.aborted ? 'Cancelled.' : messageOf(reason));
  } finally {
    running = undefined;
    setRunning(false);
  }
});
cancel.addEventListener('click', () => running?.abort());
copy.addEventListener('click', async () => {
  await navigator.clipboard.writeText(markdown);
  say('Copied.');
});

async function runAll(signal: AbortSignal): Promise<void> {
  element('rows').replaceChildren();
  element('table').hidden = false;
  const [width = 0, height = 0] = element('side', HTMLSelectElement).value.split('x').map(Number);
  const model = element('model', HTMLSelectElement).value;
  const gpu = await findGpu();
  const device = `${gpu?.kind === 'hardware' ? gpu.name : `no GPU for WebGPU (${gpu?.name ?? 'no adapter'})`}; ${navigator.userAgent}`;
  element('device').textContent = device;
  // emulated on the processor, a GPU says nothing of any
  const engines: EngineName[] = gpu?.kind === 'hardware' ? ['wgsl', 'tfjs-webgpu', 'wasm'] : ['wasm'];
  const key = document.querySelector<HTMLMetaElement>('meta[name="degrain-key"]')?.content ?? '';
  const lines = ['| engine | ms per megapixel | fastest to slowest | first run, ms |', '| --- | ---: | ---: | ---: |'];
  for (const engine of engines) {
    const setup = { endpoint: location.origin, key, model, width, height, runs: RUNS };
    say(`${engine}…`);
    const cells = await measure(engine, setup, signal, (done) => say(`${engine}: run ${done} of ${RUNS + 1}`)).then(
      describe,
      (reason) => {
        signal.throwIfAborted();
        return [engine, messageOf(reason), '', ''];
      },
    );
    show(cells);
    lines.push(`| ${cells.join(' | ')} |`);
  }
  markdown = `${model}, ${width} x ${height}, ${RUNS} runs after the first; ${device}\n\n${lines.join('\n')}\n`;
}

function describe({ engine, perMegapixel, first }: Measured): string[] {
  const [fastest = 0, slowest = 0] = [perMegapixel[0], perMegapixel.at(-1)];
  const median = perMegapixel[perMegapixel.length >> 1] as number;
  return [engine, median.toFixed(1), `${fastest.toFixed(1)} to ${slowest.toFixed(1)}`, first.toFixed(0)];
}

function show([engine = '', ...figures]: readonly string[]): void {
  const name = Object.assign(document.createElement('th'), { scope: 'row', textContent: engine });
  const cells = figures.map((textContent) => Object.assign(document.createElement('td'), { textContent }));
  const row = document.createElement('tr');
  row.append(name, ...cells);
  element('rows').append(row);
}

function setRunning(on: boolean): void {
  run.disabled = on;
  cancel.hidden = !on;
  copy.disabled = on || markdown === '';
}

const say = (text: string) => {
  element('status').textContent = text;
};

const messageOf = (reason: unknown) =>
  reason instanceof DegrainError ? `${reason.message}` : `It did not work: ${String(reason)}`;
