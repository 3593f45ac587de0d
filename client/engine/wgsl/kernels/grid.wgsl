// What every kernel knows: the cells of the convolution, and the order of a tensor. Names in capitals that no file
// declares are constants of a layer: kernel.ts writes them.

struct Grid {
  width: u32,
  height: u32,
}

@group(0) @binding(0) var<uniform> grid: Grid;

// Filters, then biases, in the order of pack.ts.
@group(0) @binding(1) var<storage, read> weights: array<Block>;

// A tensor is [blocks of four channels, height, width]: neighbours along x are neighbours in memory.
fn tensorIndex(block: u32, cell: vec2u, size: vec2u) -> u32 {
  return (block * size.y + cell.y) * size.x + cell.x;
}

// Which of the side x side cells a block belongs to.
fn partCell(part: u32, side: u32) -> vec2u {
  return vec2u(part % side, part / side);
}
