// Four cells, one below the other, of which some may lie beyond the last row or column.
fn storeStrip(block: u32, cell: vec2u, bias: vec4f, s0: vec4f, s1: vec4f, s2: vec4f, s3: vec4f) {
  if (cell.x >= grid.width) { return; }
  if (cell.y < grid.height) { store(block, cell, s0 + bias); }
  if (cell.y + 1u < grid.height) { store(block, cell + vec2u(0u, 1u), s1 + bias); }
  if (cell.y + 2u < grid.height) { store(block, cell + vec2u(0u, 2u), s2 + bias); }
  if (cell.y + 3u < grid.height) { store(block, cell + vec2u(0u, 3u), s3 + bias); }
}
