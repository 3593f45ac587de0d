import type { FloatImage } from '../../models/image.ts';
import { gaussianNoise } from '../../models/noise/add.ts';
import { sfc32 } from '../../models/noise/random.ts';

/**
 * A scene with the statistics of a photograph: dead leaves (Lee, Mumford, Huang, "Occlusion Models for Natural
 * Images", 2001), discs with a power law of sizes that hide each other, each of them shaded and some textured.
 */
export function deadLeaves(width: number, height: number, seed: number, channels: 1 | 3 = 3): FloatImage {
  const uniform = sfc32(seed);
  const data = new Float32Array(width * height * channels);
  const texture = smoothNoise(width, height, seed + 1);
  const leaves = Math.round((width * height) / 40);
  for (let leaf = 0; leaf < leaves; leaf++) {
    const radius = Math.min(4 / Math.sqrt(uniform()), width); // P(size) falls with its cube
    const [x0, y0] = [uniform() * width, uniform() * height];
    // Colours of one object resemble each other, and its shading is the same in all.
    const brightness = 0.1 + 0.8 * uniform();
    const colour = [0, 1, 2].map(() => brightness + 0.25 * (uniform() - 0.5));
    const slope = [(uniform() - 0.5) / width, (uniform() - 0.5) / height] as const;
    const roughness = uniform() < 0.4 ? 0.06 * uniform() : 0;
    for (let y = Math.max(0, Math.ceil(y0 - radius)); y < Math.min(height, y0 + radius); y++) {
      for (let x = Math.max(0, Math.ceil(x0 - radius)); x < Math.min(width, x0 + radius); x++) {
        if ((x - x0) ** 2 + (y - y0) ** 2 > radius ** 2) continue;
        const shade = slope[0] * (x - x0) + slope[1] * (y - y0) + roughness * (texture[y * width + x] as number);
        for (let c = 0; c < channels; c++) {
          data[(y * width + x) * channels + c] = Math.min(Math.max((colour[c] as number) + shade, 0), 1);
        }
      }
    }
  }
  return blurred({ data, width, height, channels }, 0.3); // a lens: no edge is sharper than a pixel
}

/** Noise with about the same energy in each octave, as natural textures; [width, height], standard deviation near 1. */
function smoothNoise(width: number, height: number, seed: number): Float32Array {
  const sum = new Float32Array(width * height);
  for (let octave = 1; octave <= 3; octave++) {
    const cell = 2 ** octave; // px
    const columns = Math.ceil(width / cell) + 2;
    const knots = gaussianNoise(columns * (Math.ceil(height / cell) + 2), seed + octave);
    for (let i = 0; i < sum.length; i++) {
      const [x, y] = [(i % width) / cell, Math.floor(i / width) / cell];
      const at = Math.floor(y) * columns + Math.floor(x);
      const [fx, fy] = [x % 1, y % 1];
      const top = (knots[at] as number) * (1 - fx) + (knots[at + 1] as number) * fx;
      const bottom = (knots[at + columns] as number) * (1 - fx) + (knots[at + columns + 1] as number) * fx;
      sum[i] = (sum[i] as number) + 0.85 * (top * (1 - fy) + bottom * fy);
    }
  }
  return sum;
}

/** Each pixel mixed with its neighbours, weights side, 1, side (normalised), along both axes; borders mirrored. */
export function blurred(image: FloatImage, side: number): FloatImage {
  const { width, height, channels } = image;
  const norm = 1 + 2 * side;
  const along = (data: Float32Array, size: number, step: number) =>
    data.map((value, i) => {
      const position = Math.floor(i / step) % size;
      const before = data[position > 0 ? i - step : Math.min(i + step, data.length - 1)] ?? value;
      const after = data[position < size - 1 ? i + step : Math.max(i - step, 0)] ?? value;
      return (side * before + value + side * after) / norm;
    });
  return { ...image, data: along(along(image.data, width, channels), height, width * channels) };
}
