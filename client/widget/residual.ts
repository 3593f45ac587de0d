import type { DenoiseResult } from '../contract.ts';

/** What was removed is faint: 1/4 of the range fills it. */
const GAIN = 4;

/** Pixels at a time, about 5 ms: the page breathes while the next ones come. */
const STRIP_PIXELS = 2 ** 18;

/** The noise around middle grey, onto a canvas that it makes as large as the picture. */
export async function paintResidual(canvas: HTMLCanvasElement, result: DenoiseResult): Promise<void> {
  const { width, height } = result;
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  const rows = Math.max(1, Math.floor(STRIP_PIXELS / width));
  for (let y = 0; y < height && canvas.width === width; y += rows) {
    const strip = new ImageData(width, Math.min(rows, height - y));
    const residual = await result.residual({ from: y, count: strip.height });
    const colours = residual.length / (width * strip.height);
    for (let to = 0, from = 0; to < strip.data.length; to += 4, from += colours) {
      for (let c = 0; c < 3; c++) {
        strip.data[to + c] = 127.5 + 255 * GAIN * (residual[from + Math.min(c, colours - 1)] as number);
      }
      strip.data[to + 3] = 255;
    }
    context?.putImageData(strip, 0, y);
  }
}
