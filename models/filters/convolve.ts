import { mirrorPad, type Plane } from './planes.ts';

/** With a kernel of odd length along both axes: [H,W] -> [H,W], mirrored at the border. */
export function convolve(plane: Plane, kernel: Float64Array): Plane {
  const { width, height } = plane;
  const radius = kernel.length >> 1;
  const padded = mirrorPad(plane, radius);
  const rows = new Float64Array(width * padded.height); // [H + 2r, W]: along x only
  for (let y = 0, to = 0; y < padded.height; y++) {
    for (let x = 0, from = y * padded.width; x < width; x++, from++, to++) {
      let sum = 0;
      for (let k = 0; k < kernel.length; k++) sum += (kernel[k] as number) * (padded.data[from + k] as number);
      rows[to] = sum;
    }
  }
  const data = new Float32Array(width * height);
  for (let i = 0; i < data.length; i++) {
    let sum = 0;
    for (let k = 0, from = i; k < kernel.length; k++, from += width) {
      sum += (kernel[k] as number) * (rows[from] as number);
    }
    data[i] = sum;
  }
  return { data, width, height };
}
