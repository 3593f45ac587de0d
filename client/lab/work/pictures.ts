import { DegrainError } from '../../../models/errors.ts';
import type { RasterImage } from '../../../models/image.ts';
import { paintScene } from '../../app/scene.ts';
import { readBitmap } from '../../files/decode.ts';
import { paintChart } from './chart.ts';
import type { PictureRequest } from './protocol.ts';

/** px, of what the page paints itself. */
const PAINTED = { width: 1200, height: 800 };

/** A clean picture, grey or RGB, no larger than asked. What is transparent becomes white. */
export async function openPicture({ picture, side }: PictureRequest): Promise<RasterImage> {
  if (picture === 'chart') {
    const { canvas, context } = canvasOf(scaled(PAINTED, side));
    paintChart(context, canvas.width, canvas.height);
    return readBitmap(canvas.transferToImageBitmap());
  }
  const source = picture instanceof Blob ? await decode(picture) : painted();
  const { canvas, context } = canvasOf(scaled(source, side));
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return readBitmap(canvas.transferToImageBitmap());
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function scaled({ width, height }: Size, side: number): Size {
  const scale = side === 0 ? 1 : Math.min(1, side / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

function painted(): OffscreenCanvas {
  const { canvas, context } = canvasOf(PAINTED);
  paintScene(context, canvas.width, canvas.height);
  return canvas;
}

function decode(file: Blob): Promise<ImageBitmap> {
  return createImageBitmap(file).catch((cause) => {
    const expected = 'a picture that this browser can decode';
    const received = `${file.size} bytes of ${file.type || 'no known type'}`;
    throw new DegrainError('invalid-image', { expected, received, remedy: 'Choose a PNG, JPEG or WebP file.' }, cause);
  });
}

function canvasOf({ width, height }: Size) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (context) return { canvas, context };
  throw new DegrainError('invalid-image', {
    expected: 'a picture that fits a canvas of this browser',
    received: `${width} x ${height} pixels`,
    remedy: 'Choose a smaller size.',
  });
}
