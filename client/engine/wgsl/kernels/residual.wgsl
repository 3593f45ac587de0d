// What a window's part of the residual is, as windows.ts writeResidual writes it: noisy - denoised in steps of 1/32767,
// [rows, colours of a row], two to a word; an odd row ends in half a word that nobody reads.

// The window as it was cut, [height, width, depth].
@group(0) @binding(1) var<storage, read> window: array<f32>;
// The network's answer, [height, width, inputs], as bits: compilers may take it that floats are never NaN.
@group(0) @binding(2) var<storage, read> answer: array<u32>;

struct Residual {
  // Not 0 once a value was no finite number.
  broken: atomic<u32>,
  pairs: array<u32>,
}
@group(0) @binding(3) var<storage, read_write> residual: Residual;

const STEPS = 32767.0;
const EXPONENT = 0x7f800000u;

fn denoised(index: u32) -> f32 {
  let bits = answer[index];
  if ((bits & EXPONENT) == EXPONENT) { atomicOr(&residual.broken, 1u); }
  return bitcast<f32>(bits);
}

fn steps(pixel: u32, colour: u32) -> u32 {
  let first = pixel * picture.inputs;
  var value: f32;
  if (picture.inputs > picture.colours) {
    // grey came as three colours: their mean counts
    value = (denoised(first) + denoised(first + 1u) + denoised(first + 2u)) / 3.0;
  } else {
    value = denoised(first + colour);
  }
  let removed = clamp(window[pixel * picture.depth + colour] - value, -1.0, 1.0) * STEPS;
  // as Math.round: halves go up, where round() takes them to the even one
  let below = floor(removed);
  return u32(i32(below) + select(0i, 1i, removed - below >= 0.5));
}

@compute @workgroup_size(16, 8)
fn main(@builtin(global_invocation_id) at: vec3u) {
  let row = picture.partWidth * picture.colours;
  let pairs = (row + 1u) / 2u;
  if (at.x >= pairs || at.y >= picture.partHeight) { return; }
  let firstPixel = (picture.partY + at.y) * picture.windowWidth + picture.partX;
  let left = 2u * at.x;
  var pair = steps(firstPixel + left / picture.colours, left % picture.colours) & 0xffffu;
  let right = left + 1u;
  if (right < row) { pair |= steps(firstPixel + right / picture.colours, right % picture.colours) << 16u; }
  residual.pairs[at.y * pairs + at.x] = pair;
}
