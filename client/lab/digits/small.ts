import type { FloatImage } from '../../../models/image.ts';
import { make } from '../dom.ts';

/** Puts a small picture onto a canvas, px for px. */
export function paint(canvas: HTMLCanvasElement, image: FloatImage, x = 0, y = 0): void {
  const { width, height, data } = image;
  const pixels = new ImageData(width, height);
  for (let i = 0; i < data.length; i++) {
    const grey = (data[i] as number) * 255;
    pixels.data.set([grey, grey, grey, 255], i * 4);
  }
  canvas.getContext('2d')?.putImageData(pixels, x, y);
}

/** A small picture with its name below. */
export function smallCard(id: string, title: string, text: string, image: FloatImage | undefined): HTMLElement {
  const canvas = make('canvas', { width: 28, height: 28, role: 'img', 'aria-label': title });
  if (image) paint(canvas, image);
  const caption = make('figcaption', {}, make('strong', {}, title), make('span', {}, text));
  return make('figure', { class: image ? 'small' : 'small empty', 'data-card': id }, canvas, caption);
}
