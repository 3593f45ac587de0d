import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { listCards } from '../models/catalog.ts';
import { checkedUploads } from './deploy/uploads.ts';
import { root } from './root.ts';

// `npm run models:upload -- <bucket>`: published files into an R2 bucket, through wrangler. Objects that are there are
// written again: the same bytes, since a published version never changes.

const usage = `npm run models:upload -- <bucket> [<model> …] [--local] [--persist-to <folder>]

  <model>       fast, or fast@1.2.0; all unless given
  --local       into the storage of a local edge, which is .local/state unless --persist-to says otherwise`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { local: { type: 'boolean', default: false }, 'persist-to': { type: 'string', default: '.local/state' } },
});
const [bucket, ...models] = positionals;
if (!bucket) {
  console.error(usage);
  process.exit(2);
}
const place = values.local ? ['--local', `--persist-to=${values['persist-to']}`] : ['--remote'];

const uploads = await checkedUploads(listCards(), models, `${root}models/published/`);
for (const [i, { key, path, type }] of uploads.entries()) {
  console.log(`${i + 1}/${uploads.length} ${key}`);
  const options = ['r2', 'object', 'put', `${bucket}/${key}`, `--file=${path}`, `--content-type=${type}`, '--force'];
  const wrangler = spawn(process.execPath, [`${root}node_modules/wrangler/bin/wrangler.js`, ...options, ...place], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
  });
  const [code] = (await once(wrangler, 'exit')) as [number | null];
  if (code !== 0) {
    console.error(
      `Expected wrangler to write ${key} but it ended with ${code}. Run this again once its cause is gone.`,
    );
    process.exit(1);
  }
}
