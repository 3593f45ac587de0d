// Input: another layer's output, of which UNSHUFFLE x UNSHUFFLE cells are one.

@group(0) @binding(2) var<storage, read> source: array<Block>;

fn load(block: u32, cell: vec2u) -> Block {
  let at = cell * UNSHUFFLE + partCell(block / SOURCE_BLOCKS, UNSHUFFLE);
  let size = vec2u(grid.width, grid.height) * UNSHUFFLE;
  return source[tensorIndex(block % SOURCE_BLOCKS, at, size)];
}
