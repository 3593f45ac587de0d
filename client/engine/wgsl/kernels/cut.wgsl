// Cuts a window from a picture, as windows.ts cutWindow does: [height, width, depth] in float32, the noise map last.

// As they lie in files' rows, four or two to a word, or one float.
@group(0) @binding(1) var<storage, read> samples: array<u32>;
@group(0) @binding(2) var<storage, read_write> window: array<f32>;

// The pixel that stands for one beyond the end: mirrored, the border pixel itself not repeated.
fn mirrored(position: u32, side: u32) -> u32 {
  if (side == 1u) { return 0u; }
  let period = 2u * (side - 1u);
  let folded = position % period;
  return select(period - folded, folded, folded < side);
}

fn sampleAt(index: u32) -> f32 {
  var value: f32;
  if (picture.bytes == 4u) {
    value = bitcast<f32>(samples[index]);
  } else if (picture.bytes == 2u) {
    value = f32((samples[index / 2u] >> (index % 2u * 16u)) & 0xffffu);
  } else {
    value = f32((samples[index / 4u] >> (index % 4u * 8u)) & 0xffu);
  }
  return value * picture.scale;
}

@compute @workgroup_size(16, 8)
fn main(@builtin(global_invocation_id) at: vec3u) {
  if (at.x >= picture.windowWidth || at.y >= picture.windowHeight) { return; }
  let x = mirrored(picture.windowX + at.x, picture.width);
  let y = mirrored(picture.windowY + at.y, picture.height);
  let first = (y * picture.width + x) * picture.step;
  let to = (at.y * picture.windowWidth + at.x) * picture.depth;
  for (var i = 0u; i < picture.inputs; i++) {
    // grey is every colour of a network for colours
    window[to + i] = sampleAt(first + min(i, picture.colours - 1u));
  }
  if (picture.depth > picture.inputs) { window[to + picture.inputs] = picture.noise; }
}
