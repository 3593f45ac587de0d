import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../root.ts';
import { EXAMPLES, type Example, serveExample } from './serve.ts';

// An example of docs/embed/ with a local edge beside it: node scripts/embed/run.ts react

const name = process.argv[2] as Example;
if (!EXAMPLES.includes(name)) {
  console.error(`Expected one of ${EXAMPLES.join(', ')} but received ${name}.`);
  process.exit(1);
}
const edge = `http://localhost:${process.env.PORT || 8787}`;
const port = Number(process.env.EXAMPLE_PORT || 8790);

const answers = async () => (await fetch(`${edge}/healthz`).catch(() => undefined))?.ok ?? false;

// An edge that runs already is good enough. One that is started here ends with this process, as it watches its parent.
if (!(await answers())) {
  const started = spawn(process.execPath, [`${root}scripts/start.ts`], { stdio: ['ignore', 'inherit', 'inherit'] });
  started.once('exit', (code) => process.exit(code ?? 1));
  while (!(await answers())) await sleep(200);
}
// npm's shell passes no signal on: a parent that is gone is the only sign that npm was told to stop.
const parent = process.ppid;
setInterval(() => process.ppid !== parent && process.exit(0), 200);

const { url } = await serveExample(name, edge, port);
console.log(`\nThe example '${name}' is up: ${url}\n\nCtrl-C stops it.`);
