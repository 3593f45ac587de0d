import type { Browser, Page } from 'playwright-core';
import type { Patch } from './animation.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** WebP's quality, 0..1: at which fine noise still looks like noise. */
const QUALITY = 0.86;

/** Finds what changed from one screenshot to the next, and writes that as WebP: by the browser, which can. */
export class Painter {
  readonly #page: Page;
  readonly #size: Size;

  private constructor(page: Page, size: Size) {
    this.#page = page;
    this.#size = size;
  }

  static async open(browser: Browser, size: Size): Promise<Painter> {
    return new Painter(await browser.newPage(), size);
  }

  /** Undefined where nothing changed. */
  async patch(png: Buffer): Promise<Omit<Patch, 'duration'> | undefined> {
    const found = await this.#page.evaluate(paint, { png: png.toString('base64'), ...this.#size, quality: QUALITY });
    return found && { ...found, file: Buffer.from(found.file, 'base64') };
  }
}

/** Runs in the browser; the last screenshot stays in the page. */
async function paint({ png, width, height, quality }: Size & { png: string; quality: number }) {
  const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { alpha: false }) as OffscreenCanvasRenderingContext2D;
  context.drawImage(bitmap, 0, 0);
  const now = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
  const kept = window as unknown as { last?: Uint32Array };
  const { last } = kept;
  kept.last = now;
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let i = 0; i < now.length; i++) {
    if (now[i] === last?.[i]) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x + 1), Math.max(bottom, y + 1)];
  }
  if (right === 0) return undefined;
  const [x, y] = [left - (left % 2), top - (top % 2)];
  const part = new OffscreenCanvas(right - x, bottom - y);
  (part.getContext('2d', { alpha: false }) as OffscreenCanvasRenderingContext2D).drawImage(canvas, -x, -y);
  const file = new Uint8Array(await (await part.convertToBlob({ type: 'image/webp', quality })).arrayBuffer());
  let letters = '';
  for (let i = 0; i < file.length; i += 32768) letters += String.fromCharCode(...file.subarray(i, i + 32768));
  return { x, y, width: right - x, height: bottom - y, file: btoa(letters) };
}
