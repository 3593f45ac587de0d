// Values in float32, as every WebGPU device has them.

// Four channels of one cell, or the weights from one channel to four.
alias Block = vec4<f32>;

// Four inputs, each with its weights to four outputs.
fn multiplyAdd(sum: vec4f, x: Block, w0: Block, w1: Block, w2: Block, w3: Block) -> vec4f {
  return sum + x.x * w0 + x.y * w1 + x.z * w2 + x.w * w3;
}
