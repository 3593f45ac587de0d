import { writeFile } from 'node:fs/promises';
import { applyPalette, GIFEncoder, quantize } from 'gifenc';
import type { Locator, Page } from 'playwright-core';
import { launchChromium } from '../test/browser/chromium.ts';
import setup from '../test/global-setup.ts';
import { root } from '../test/paths.ts';
import { decodePng } from '../worker/png/codec.ts';

// The README's moving picture, the landing page at work: node scripts/recording.ts

const file = `${root}docs/images/hero.gif`;
const size = { width: 900, height: 520 };
/** ms between pictures of what moves. */
const STEP = 100;

/** [H,W,4] of 8 bits. */
interface Frame {
  readonly data: Uint8Array;
  /** ms that it stands. */
  readonly delay: number;
}

async function shoot(page: Page, delay: number): Promise<Frame> {
  const { image } = decodePng(await page.screenshot(), { maxBytes: 2 ** 24, maxPixels: 2 ** 22 });
  const { data, channels } = image;
  const rgba = new Uint8Array(size.width * size.height * 4).fill(255);
  for (let from = 0, to = 0; to < rgba.length; from += channels, to += 4) rgba.set(data.subarray(from, from + 3), to);
  return { data: rgba, delay };
}

/** Pictures while `done` has not come, each for as long as it stood. */
async function shootUntil(page: Page, done: Promise<unknown>): Promise<Frame[]> {
  let going = true;
  const end = done.finally(() => {
    going = false;
  });
  const frames: Frame[] = [];
  while (going) {
    const started = performance.now();
    const frame = await shoot(page, STEP);
    await page.waitForTimeout(Math.max(0, STEP - (performance.now() - started)));
    frames.push({ ...frame, delay: performance.now() - started });
  }
  await end;
  return frames;
}

/** Holds a key down, and takes a picture of every so many presses. */
async function press(page: Page, target: Locator, key: string, times: number, each: number): Promise<Frame[]> {
  await target.focus();
  const frames: Frame[] = [];
  for (let i = 1; i <= times; i++) {
    await page.keyboard.press(key);
    if (i % each === 0) frames.push(await shoot(page, STEP));
  }
  return frames;
}

/** A GIF in which a pixel that stays is not drawn again: noise does not shrink, and so is drawn once. */
function encode(frames: readonly Frame[]): Uint8Array {
  const gif = GIFEncoder();
  const { width, height } = size;
  let last: Frame | undefined;
  for (const frame of joinEqual(frames)) {
    const drawn = new Uint8ClampedArray(frame.data);
    const pixels = new Uint32Array(drawn.buffer);
    const before = last && new Uint32Array(last.data.buffer);
    const changed = pixels.filter((pixel, i) => pixel !== before?.[i]);
    // one colour of the 256 means: as it was
    const palette = quantize(new Uint8ClampedArray(changed.buffer), 255);
    const index = applyPalette(drawn, palette);
    const stays = palette.length;
    for (const [i, pixel] of pixels.entries()) if (pixel === before?.[i]) index[i] = stays;
    const colours = [...palette, [0, 0, 0]];
    gif.writeFrame(index, width, height, {
      palette: colours,
      delay: frame.delay,
      dispose: 1,
      ...(before && { transparent: true, transparentIndex: stays }),
    });
    last = frame;
  }
  gif.finish();
  return gif.bytes();
}

function joinEqual(frames: readonly Frame[]): Frame[] {
  const joined: Frame[] = [];
  for (const frame of frames) {
    const last = joined.at(-1);
    if (last && Buffer.compare(last.data, frame.data) === 0) {
      joined[joined.length - 1] = { ...last, delay: last.delay + frame.delay };
    } else {
      joined.push(frame);
    }
  }
  return joined;
}

await setup({ vitest: { projects: [{ name: 'browser' }] } } as never);
const { startEdge } = await import('../test/worker/harness.ts');
const edge = await startEdge();
const browser = await launchChromium({ webgpu: false });
try {
  const page = await browser.newPage({ viewport: size, colorScheme: 'light' });
  await page.goto(edge.url.href);
  const hero = page.locator('#hero');
  const done = hero.evaluate(
    (element) => new Promise<void>((resolve) => element.addEventListener('done', () => resolve(), { once: true })),
  );
  const frames = [...(await shootUntil(page, done)), ...(await shootUntil(page, page.waitForTimeout(1500)))];
  const split = hero.getByRole('slider').first();
  frames.push(...(await press(page, split, 'ArrowRight', 30, 2)));
  frames.push(...(await press(page, split, 'ArrowLeft', 60, 2)));
  frames.push(...(await press(page, split, 'ArrowRight', 30, 2)));
  frames.push(await shoot(page, 2000));
  const bytes = encode(frames);
  await writeFile(file, bytes);
  const seconds = frames.reduce((sum, { delay }) => sum + delay, 0) / 1000;
  console.log(`${file}  ${(bytes.length / 2 ** 20).toFixed(2)} MiB, ${seconds.toFixed(1)} s, ${frames.length} frames`);
} finally {
  await browser.close();
  await edge.close();
}
