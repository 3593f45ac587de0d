import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import puppeteer, { type Browser } from 'puppeteer-core';

/** `FIREFOX`, else Debian's ESR or any other on the PATH; undefined where there is none. */
export function findFirefox(): string | undefined {
  const { FIREFOX, PATH = '' } = process.env;
  const folders = PATH.split(delimiter).filter(Boolean);
  return (
    FIREFOX || ['firefox-esr', 'firefox'].flatMap((name) => folders.map((folder) => join(folder, name))).find(runs)
  );
}

function runs(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A real, headless Firefox with a new profile, over WebDriver BiDi. The caller closes it. */
export const launchFirefox = (executablePath: string, preferences: Record<string, unknown> = {}): Promise<Browser> =>
  puppeteer.launch({
    ...{ browser: 'firefox', executablePath, headless: true, extraPrefsFirefox: preferences },
    ...{ timeout: 30_000, protocolTimeout: 30_000 },
  });
