/** Samples of each pixel side by side -> a plane per channel. */
export function toPlanes(values: Float32Array, channels: number): Float32Array {
  const pixels = values.length / channels;
  const planes = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++)
    planes[(i % channels) * pixels + Math.floor(i / channels)] = values[i] as number;
  return planes;
}

/** A plane per channel -> samples of each pixel side by side. */
export function fromPlanes(planes: Float32Array, channels: number): Float32Array {
  return toPlanes(planes, planes.length / channels);
}
