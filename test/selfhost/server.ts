import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, truncateSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestHarness } from 'wrangler';
import { root } from '../paths.ts';
import type { Edge, EdgeOptions } from '../worker/harness.ts';

/** ms that a server may take to start or to stop, on a machine that does much else. */
const PATIENCE = 30_000;

type Environment = Record<string, string | number>;

/** What `npm run start:node` does after the build, and with npm itself. */
const DIRECTLY = [process.execPath, '--disable-warning=ExperimentalWarning', `${root}selfhost/main.ts`];
export const BY_NPM = ['npm', '--prefix', root, 'run', '--ignore-scripts', 'start:node'];

/** The server as a process, with a folder of its own. */
export class NodeServer {
  readonly folder: string;
  readonly #environment: Environment;
  readonly #command: readonly string[];
  #process: ChildProcess | undefined;
  url = new URL('http://127.0.0.1');

  constructor(folder: string, environment: Environment = {}, command = DIRECTLY) {
    this.folder = folder;
    this.#environment = environment;
    this.#command = command;
  }

  static async start(environment: Environment = {}, command = DIRECTLY): Promise<NodeServer> {
    const server = new NodeServer(await mkdtemp(join(tmpdir(), 'degrain-server-')), environment, command);
    await server.start();
    return server;
  }

  get data(): string {
    return join(this.folder, 'data');
  }

  /** Again, it is found where it was. */
  async start(): Promise<void> {
    // a file is written before the next line of the server runs, a pipe is read at some time after
    const log = openSync(this.#log, 'a');
    const [program = '', ...options] = this.#command;
    const environment = { PORT: this.url.port || '0', DATA: this.data, LOCAL_KEYS: '1', ...this.#environment };
    const settings = Object.entries(environment).map(([name, value]) => [name, String(value)]);
    const { PATH, HOME } = process.env;
    const env = { PATH, HOME, ...Object.fromEntries(settings) } as NodeJS.ProcessEnv;
    this.#process = spawn(program, options, { cwd: this.folder, stdio: ['ignore', log, log], env });
    closeSync(log);
    const until = Date.now() + PATIENCE;
    while (!this.output().includes(' is up: ')) {
      if (this.#process.exitCode !== null || Date.now() > until) throw new Error(`no server: ${this.output()}`);
      await sleep(20);
    }
    const [, address = ''] = /is up: (\S+)[\s\S]*?retention.*\n/.exec(this.output()) ?? [];
    this.url = new URL(address);
    this.clearOutput();
  }

  /** How it ended: a code, or the signal that nobody can handle. */
  async signal(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
    const child = this.#process as ChildProcess;
    const ended = once(child, 'exit', { signal: AbortSignal.timeout(PATIENCE) });
    child.kill(signal);
    const [code, by] = (await ended) as [number | null, NodeJS.Signals | null];
    return code ?? by;
  }

  get running(): boolean {
    return this.#process?.exitCode === null && this.#process.signalCode === null;
  }

  fetch = (path: string | URL, init?: RequestInit): Promise<Response> => fetch(new URL(path, this.url), init);

  /** What it wrote to its log. */
  output = (): string => readFileSync(this.#log, 'utf8');

  clearOutput = (): void => truncateSync(this.#log);

  /** A site's own file. */
  site = (name: string): string => join(this.data, 'sites', `${name}.db`);

  /** One statement, on one of its files: from another process, as an operator would. */
  query(file: string, statement: string, ...values: (string | number)[]): unknown[] {
    const database = new DatabaseSync(join(this.data, file));
    try {
      return database.prepare(statement).all(...values);
    } finally {
      database.close();
    }
  }

  async close(): Promise<void> {
    if (this.running) await this.signal('SIGKILL');
    await rm(this.folder, { recursive: true });
  }

  get #log(): string {
    return join(this.folder, 'log');
  }
}

/** For tests that were written for the edge. */
export async function startNodeEdge({ vars = {}, secrets = {}, config }: EdgeOptions = {}): Promise<Edge> {
  if (config) throw new Error('wrangler configurations are for workerd');
  const server = await NodeServer.start({ ...vars, ...secrets });
  return {
    get url() {
      return server.url;
    },
    fetch: server.fetch as unknown as TestHarness['fetch'],
    get harness(): never {
      throw new Error('a test that needs workerd');
    },
    async rows(site, statement) {
      if (!existsSync(server.site(site))) return [];
      return server.query(`sites/${site}.db`, statement);
    },
    async forget() {
      await server.signal('SIGTERM');
      await server.start();
    },
    logs: () => server.output().split('\n').filter(Boolean),
    clearLogs: server.clearOutput,
    close: () => server.close(),
  };
}
