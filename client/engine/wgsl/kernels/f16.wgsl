enable f16;

// Storage and products in float16, sums in float32. WGSL has no multiply-add of both: four products are summed in
// float16 before they are widened.

// Four channels of one cell, or the weights from one channel to four.
alias Block = vec4<f16>;

// Four inputs, each with its weights to four outputs.
fn multiplyAdd(sum: vec4f, x: Block, w0: Block, w1: Block, w2: Block, w3: Block) -> vec4f {
  return sum + vec4f(x.x * w0 + x.y * w1 + x.z * w2 + x.w * w3);
}
