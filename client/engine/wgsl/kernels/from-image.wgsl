// Input: the image, [height, width, IMAGE_CHANNELS], of which UNSHUFFLE x UNSHUFFLE pixels are a cell, a block each.

@group(0) @binding(2) var<storage, read> image: array<f32>;

fn load(block: u32, cell: vec2u) -> Block {
  let at = cell * UNSHUFFLE + partCell(block, UNSHUFFLE);
  let first = (at.y * grid.width * UNSHUFFLE + at.x) * IMAGE_CHANNELS;
  var pixel = vec4f(image[first], 0.0, 0.0, 0.0);
  if (IMAGE_CHANNELS > 1u) { pixel.y = image[first + 1u]; }
  if (IMAGE_CHANNELS > 2u) { pixel.z = image[first + 2u]; }
  if (IMAGE_CHANNELS > 3u) { pixel.w = image[first + 3u]; }
  return Block(pixel);
}
