// Of a workgroup's cells some may lie beyond the last row or column.
fn storeInside(block: u32, cell: vec2u, sum: vec4f) {
  if (cell.x < grid.width && cell.y < grid.height) { store(block, cell, sum); }
}
