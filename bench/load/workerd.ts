import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { unstable_readConfig } from 'wrangler';
import { root, stateFolder } from '../../test/paths.ts';

/** A worker under load. */
export interface Running {
  readonly url: URL;
  stop(): Promise<void>;
}

/** A worker, and whether it has the sites' objects. */
export interface Program {
  readonly name: string;
  readonly entry: string;
  readonly objects: boolean;
}

const text = JSON.stringify;
const settings = () => unstable_readConfig({ config: `${root}wrangler.toml` });

/** A configuration for wrangler with the settings of wrangler.toml that any worker has. Returns its path. */
export async function writeConfig(name: string, main: string, more: object): Promise<string> {
  const { compatibility_date, compatibility_flags, minify } = settings();
  const path = `${stateFolder}load/${name}.json`;
  await mkdir(`${stateFolder}load`, { recursive: true });
  await writeFile(path, text({ name, main, compatibility_date, compatibility_flags, minify, ...more }));
  return path;
}

/** A worker as it would be uploaded, bundled and minified. Returns its folder. */
async function bundle({ name, entry, objects }: Program): Promise<string> {
  const { durable_objects, migrations } = settings();
  const config = await writeConfig(name, entry, objects ? { durable_objects, migrations } : {});
  const folder = `${stateFolder}load/${name}`;
  const wrangler = `${root}node_modules/wrangler/bin/wrangler.js`;
  const parts = ['deploy', '--config', config, '--dry-run', '--outdir', folder];
  await promisify(execFile)(process.execPath, [wrangler, ...parts], { cwd: root });
  return folder;
}

/** wrangler.toml in workerd's own words, as far as plans and `hello` need it: no assets, no reports, no queue. */
async function configOf(folder: string, storage: string, objects: boolean): Promise<string> {
  const config = settings();
  const files = await readdir(folder);
  const main = files.find((file) => file.endsWith('.js'));
  const wasm = files.filter((file) => file.endsWith('.wasm'));
  const vars = Object.entries({ ...config.vars, LOCAL_KEYS: '1' });
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main), (name = "storage", disk = (path = ${text(storage)}, writable = true))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [
    (name = "main.js", esModule = embed ${text(`${main}`)}),
    ${wasm.map((file) => `(name = ${text(`./${file}`)}, wasm = embed ${text(file)}),`).join('\n    ')}
  ],
  compatibilityDate = ${text(config.compatibility_date)},
  compatibilityFlags = ${text(config.compatibility_flags)},
  bindings = [
    ${objects ? '(name = "SITES", durableObjectNamespace = "SiteLedger"),' : ''}
    ${vars.map(([name, value]) => `(name = ${text(name)}, json = ${text(text(value))}),`).join('\n    ')}
  ],
  ${objects ? 'durableObjectNamespaces = [(className = "SiteLedger", uniqueKey = "SiteLedger", enableSql = true)],' : ''}
  durableObjectStorage = (localDisk = "storage"),
);
`;
}

/**
 * Runs a worker in workerd itself: none of the proxies and routers that `wrangler dev` puts in front of it, which cost a
 * multiple of what is measured here. Storage starts empty, in the folder given.
 */
export async function startWorkerd(program: Program, storage: string): Promise<Running> {
  const folder = await bundle(program);
  await rm(storage, { recursive: true, force: true });
  await mkdir(storage, { recursive: true });
  const path = `${folder}/config.capnp`;
  await writeFile(path, await configOf(folder, storage, program.objects));
  const binary = `${root}node_modules/workerd/bin/workerd`;
  // the worker's log goes nowhere, as it is read where it is deployed and not where it is written
  const child = spawn(binary, ['serve', path, '--control-fd=3'], { stdio: ['ignore', 'ignore', 'inherit', 'pipe'] });
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', () => reject(new Error(`Expected workerd to run ${path} but it ended.`)));
    child.stdio[3]?.on('data', (message) => {
      for (const line of String(message).trim().split('\n')) {
        const { event, port } = JSON.parse(line) as { event: string; port: number };
        if (event === 'listen') resolve(port);
      }
    });
  });
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    stop: async () => {
      child.removeAllListeners('exit');
      child.kill();
      await once(child, 'exit');
      await rm(storage, { recursive: true, force: true });
    },
  };
}
