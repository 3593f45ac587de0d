import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const folder = fileURLToPath(new URL('../../peers/', import.meta.url));

/** Where the peers' packages are, once they are installed. */
export const peersFolder = `${folder}node_modules/`;

/** Installs bench/peers/package.json, once. Where that fails, the peers' rows say that they are not there. */
export async function installPeers(): Promise<void> {
  // npm writes it last
  if (existsSync(`${peersFolder}.package-lock.json`)) return;
  console.error('Installing the peers (150 MB) into bench/peers …');
  await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder }).catch(
    ({ stderr, message }: { stderr?: string; message: string }) =>
      console.error(`The peers could not be installed: ${stderr?.trim() || message}`),
  );
}
