// Output: the answer, [height, width, OUTPUT_CHANNELS] in float32, with the image's first channels added, if asked for.
// A block is one of the SHUFFLE x SHUFFLE pixels of a cell.

@group(0) @binding(3) var<storage, read> residual: array<f32>;
@group(0) @binding(4) var<storage, read_write> result: array<f32>;

fn storeChannel(pixel: u32, channel: u32, sum: f32) {
  var value = sum;
  if (RELU) { value = max(value, 0.0); }
  if (ADDS) { value += residual[pixel * IMAGE_CHANNELS + channel]; }
  result[pixel * OUTPUT_CHANNELS + channel] = value;
}

fn store(block: u32, cell: vec2u, sum: vec4f) {
  let at = cell * SHUFFLE + partCell(block, SHUFFLE);
  let pixel = at.y * grid.width * SHUFFLE + at.x;
  storeChannel(pixel, 0u, sum.x);
  if (OUTPUT_CHANNELS > 1u) { storeChannel(pixel, 1u, sum.y); }
  if (OUTPUT_CHANNELS > 2u) { storeChannel(pixel, 2u, sum.z); }
  if (OUTPUT_CHANNELS > 3u) { storeChannel(pixel, 3u, sum.w); }
}
