import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unpackChromium } from './unpack.ts';

const run = promisify(execFile);

/** The libraries that the browser does not bring along, and the Debian or Ubuntu package of each. */
const packageOfLibrary: Record<string, string> = {
  'libc.so.6': 'libc6',
  'libm.so.6': 'libc6',
  'libgcc_s.so.1': 'libgcc-s1',
};

/** Lets the loader find the libraries that came with the browser. */
export const libraryPath = (folder: string): string =>
  [join(folder, 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');

async function missingLibraries(folder: string): Promise<string[]> {
  const env = { ...process.env, LD_LIBRARY_PATH: libraryPath(folder) };
  const { stdout } = await run('ldd', [join(folder, 'chromium')], { env });
  return [...stdout.matchAll(/(\S+) => not found/g)].map((match) => match[1] ?? '');
}

async function installLibraries(libraries: string[]): Promise<void> {
  const packages = [...new Set(libraries.map((library) => packageOfLibrary[library] ?? library))];
  const remedy = `Chromium lacks ${libraries.join(', ')}. Install: apt-get install -y ${packages.join(' ')}`;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) throw new Error(remedy);
  try {
    await run('apt-get', ['update', '-q']);
    await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages]);
  } catch (cause) {
    throw new Error(remedy, { cause });
  }
}

/** The folder of a Chromium that can start on this machine. */
export async function installChromium(): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`Expected linux-x64 for the browser tests but this is ${process.platform}-${process.arch}`);
  }
  const folder = await unpackChromium();
  const missing = await missingLibraries(folder);
  if (missing.length > 0) await installLibraries(missing);
  return folder;
}
