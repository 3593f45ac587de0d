import { gaussianNoise } from '../../models/noise/add.ts';
import { paintScene } from './scene.ts';

const WIDTH = 1200;
const HEIGHT = 800;
/** Standard deviation on the 0..255 scale: a night photo of a small sensor. */
const SIGMA = 25;

const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
paintScene(context, WIDTH, HEIGHT);
const image = context.getImageData(0, 0, WIDTH, HEIGHT);
const noise = gaussianNoise(WIDTH * HEIGHT * 3, 7);
for (let pixel = 0; pixel < WIDTH * HEIGHT; pixel++) {
  for (let c = 0; c < 3; c++) {
    image.data[pixel * 4 + c] = (image.data[pixel * 4 + c] as number) + SIGMA * (noise[pixel * 3 + c] as number);
  }
}
context.putImageData(image, 0, 0);
self.postMessage(await canvas.convertToBlob({ type: 'image/png' }));
