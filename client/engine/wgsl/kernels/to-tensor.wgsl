// Output: a tensor of SHUFFLE x SHUFFLE cells for each, after ReLU, with the residual added, and that
// after ReLU, if asked for.

// Without a residual something else of the same type stands here.
@group(0) @binding(3) var<storage, read> residual: array<Block>;
@group(0) @binding(4) var<storage, read_write> output: array<Block>;

fn store(block: u32, cell: vec2u, sum: vec4f) {
  let at = cell * SHUFFLE + partCell(block / OUTPUT_BLOCKS, SHUFFLE);
  let index = tensorIndex(block % OUTPUT_BLOCKS, at, vec2u(grid.width, grid.height) * SHUFFLE);
  var value = sum;
  if (RELU) { value = max(value, vec4f()); }
  if (ADDS) { value += vec4f(residual[index]); }
  if (SUM_RELU) { value = max(value, vec4f()); }
  output[index] = Block(value);
}
