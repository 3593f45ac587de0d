import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { installChromium, libraryPath } from './install.ts';

const flags = [
  '--no-sandbox',
  // A first start looks for updates, accounts and QUIC servers, and waits for them where there is no network.
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * WebGPU on the processor. Right, but slower than wasm: tests keep their images tiny. It compiles a store for every value
 * of workgroup memory that is to be zero at first, two seconds a kernel; none reads what it has not written.
 */
const softwareWebgpuFlags = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-dawn-features=disable_workgroup_init',
];

export interface ChromiumOptions {
  /** Whether `navigator.gpu` has an adapter (SwiftShader, without `shader-f16`). On unless told. */
  webgpu?: boolean;
}

/** A real, headless Chromium with a new profile. The caller closes it. */
export async function launchChromium({ webgpu = true }: ChromiumOptions = {}): Promise<Browser> {
  const folder = await installChromium();
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    headless: true,
    args: [...flags, ...(webgpu ? softwareWebgpuFlags : ['--disable-features=WebGPU'])],
    env: {
      ...process.env,
      FONTCONFIG_PATH: join(folder, 'fonts'),
      LD_LIBRARY_PATH: libraryPath(folder),
    } as Record<string, string>,
  });
}
