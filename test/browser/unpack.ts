import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createBrotliDecompress } from 'node:zlib';
import { root, stateFolder } from '../paths.ts';

const packageFolder = join(root, 'node_modules/@sparticuz/chromium');
const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string };

/** Where the browser is, once it is unpacked. */
export const chromiumFolder = join(stateFolder, `chromium-${version}`);

async function inflateFile(name: string, target: string): Promise<void> {
  const packed = createReadStream(join(packageFolder, 'bin', name));
  await pipeline(packed, createBrotliDecompress(), createWriteStream(target, { mode: 0o755 }));
}

async function inflateTar(name: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const archive = join(folder, basename(name, '.br'));
  await inflateFile(name, archive);
  await promisify(execFile)('tar', ['-xf', archive, '-C', folder]);
  await rm(archive);
}

/** The system's fonts, and the packed ones for a machine that has none. */
const fontsConfiguration = (folder: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>${folder}/fonts</dir>
  <cachedir>${folder}/fonts-cache</cachedir>
</fontconfig>
`;

/**
 * Unpacks the browser once, and returns its folder: the binary `chromium` with SwiftShader, `lib/` with the shared
 * libraries it links against, `fonts/`.
 *
 * The package's own unpacking fills the system's temporary folder and takes whatever lies there for whole, so that
 * parallel or interrupted runs leave half a browser behind. Here a folder gets its final name only when complete.
 */
export async function unpackChromium(): Promise<string> {
  const folder = chromiumFolder;
  if (existsSync(folder)) return folder;
  await mkdir(stateFolder, { recursive: true });
  const staging = await mkdtemp(join(stateFolder, 'unpacking-'));
  try {
    await Promise.all([
      inflateFile('chromium.br', join(staging, 'chromium')),
      inflateTar('swiftshader.tar.br', staging),
      inflateTar('al2023.tar.br', staging),
      inflateTar('fonts.tar.br', join(staging, 'fonts')),
    ]);
    await writeFile(join(staging, 'fonts', 'fonts.conf'), fontsConfiguration(folder));
    await rename(staging, folder).catch((error: unknown) => {
      // Another process was first: its copy is as good.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return folder;
}
