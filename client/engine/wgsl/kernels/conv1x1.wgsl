// A 1x1 convolution as a GEMM: a workgroup computes 16 x ROWS cells of GROUP blocks. It stages CHUNK blocks of the input
// and their weights; each thread then keeps the sums of one block of ROWS cells, four or eight, one below the other, in
// registers.

const COLUMNS = 16u;
const CELLS = COLUMNS * ROWS;

const SLAB = CELLS * CHUNK;
const TAPS = CHUNK * 4u * GROUP;
const THREADS = COLUMNS * GROUP;

var<workgroup> slab: array<Block, SLAB>;
var<workgroup> taps: array<Block, TAPS>;

@compute @workgroup_size(COLUMNS, GROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_id) thread: vec3u,
  @builtin(local_invocation_index) index: u32,
) {
  let size = vec2u(grid.width, grid.height);
  let origin = group.xy * vec2u(COLUMNS, ROWS);
  var s0 = vec4f(); var s1 = vec4f(); var s2 = vec4f(); var s3 = vec4f();
  var s4 = vec4f(); var s5 = vec4f(); var s6 = vec4f(); var s7 = vec4f();

  for (var first = 0u; first < BLOCKS; first += CHUNK) {
    // what the last chunk left has been read
    workgroupBarrier();
    for (var i = index; i < SLAB; i += THREADS) {
      let inner = i % CELLS;
      let cell = origin + vec2u(inner % COLUMNS, inner / COLUMNS);
      var value = Block();
      if (all(cell < size)) { value = load(first + i / CELLS, cell); }
      slab[i] = value;
    }
    let firstTap = (group.z * BLOCKS + first) * 4u * GROUP;
    for (var i = index; i < TAPS; i += THREADS) { taps[i] = weights[firstTap + i]; }
    workgroupBarrier();

    for (var block = 0u; block < CHUNK; block++) {
      let at = block * CELLS + thread.x;
      let tap = block * 4u * GROUP + thread.y;
      let w0 = taps[tap]; let w1 = taps[tap + GROUP]; let w2 = taps[tap + 2u * GROUP]; let w3 = taps[tap + 3u * GROUP];
      s0 = multiplyAdd(s0, slab[at], w0, w1, w2, w3);
      s1 = multiplyAdd(s1, slab[at + COLUMNS], w0, w1, w2, w3);
      s2 = multiplyAdd(s2, slab[at + 2u * COLUMNS], w0, w1, w2, w3);
      s3 = multiplyAdd(s3, slab[at + 3u * COLUMNS], w0, w1, w2, w3);
      if (ROWS > 4u) {
        s4 = multiplyAdd(s4, slab[at + 4u * COLUMNS], w0, w1, w2, w3);
        s5 = multiplyAdd(s5, slab[at + 5u * COLUMNS], w0, w1, w2, w3);
        s6 = multiplyAdd(s6, slab[at + 6u * COLUMNS], w0, w1, w2, w3);
        s7 = multiplyAdd(s7, slab[at + 7u * COLUMNS], w0, w1, w2, w3);
      }
    }
  }

  let out = group.z * GROUP + thread.y;
  let bias = vec4f(weights[OUTPUTS * BLOCKS * 4u + out]);
  let cell = origin + vec2u(thread.x, 0u);
  storeInside(out, cell + vec2u(0u, 0u), s0 + bias);
  storeInside(out, cell + vec2u(0u, 1u), s1 + bias);
  storeInside(out, cell + vec2u(0u, 2u), s2 + bias);
  storeInside(out, cell + vec2u(0u, 3u), s3 + bias);
  if (ROWS > 4u) {
    storeInside(out, cell + vec2u(0u, 4u), s4 + bias);
    storeInside(out, cell + vec2u(0u, 5u), s5 + bias);
    storeInside(out, cell + vec2u(0u, 6u), s6 + bias);
    storeInside(out, cell + vec2u(0u, 7u), s7 + bias);
  }
}
