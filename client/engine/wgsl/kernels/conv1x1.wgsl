// A 1x1 convolution as a GEMM: a workgroup computes 16 x 8 cells of OUT blocks. It stages CHUNK blocks of the input and
// their weights; each thread then keeps the sums of a strip of four cells, one below the other, of one or two blocks.

const COLUMNS = 16u;
const ROWS = 8u;
const STRIP = 4u;
const CELLS = COLUMNS * ROWS;

const OUT = DEPTH * GROUPS;
const SLAB = CELLS * CHUNK;
const TAPS = CHUNK * 4u * OUT;
const THREADS = COLUMNS * (ROWS / STRIP) * GROUPS;

var<workgroup> slab: array<Block, SLAB>;
var<workgroup> taps: array<Block, TAPS>;

@compute @workgroup_size(COLUMNS, ROWS / STRIP, GROUPS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_id) thread: vec3u,
  @builtin(local_invocation_index) index: u32,
) {
  let size = vec2u(grid.width, grid.height);
  let origin = group.xy * vec2u(COLUMNS, ROWS);
  let firstOut = thread.z * DEPTH;
  let strip = thread.y * STRIP * COLUMNS + thread.x;
  var a0 = vec4f(); var a1 = vec4f(); var a2 = vec4f(); var a3 = vec4f();
  var b0 = vec4f(); var b1 = vec4f(); var b2 = vec4f(); var b3 = vec4f();

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
    let firstTap = (group.z * BLOCKS + first) * 4u * OUT;
    for (var i = index; i < TAPS; i += THREADS) { taps[i] = weights[firstTap + i]; }
    workgroupBarrier();

    for (var block = 0u; block < CHUNK; block++) {
      let at = block * CELLS + strip;
      let r0 = slab[at];
      let r1 = slab[at + COLUMNS];
      let r2 = slab[at + 2u * COLUMNS];
      let r3 = slab[at + 3u * COLUMNS];
      let tap = block * 4u * OUT + firstOut;
      var w0 = taps[tap]; var w1 = taps[tap + OUT]; var w2 = taps[tap + 2u * OUT]; var w3 = taps[tap + 3u * OUT];
      a0 = multiplyAdd(a0, r0, w0, w1, w2, w3);
      a1 = multiplyAdd(a1, r1, w0, w1, w2, w3);
      a2 = multiplyAdd(a2, r2, w0, w1, w2, w3);
      a3 = multiplyAdd(a3, r3, w0, w1, w2, w3);
      if (DEPTH > 1u) {
        w0 = taps[tap + 1u]; w1 = taps[tap + OUT + 1u]; w2 = taps[tap + 2u * OUT + 1u]; w3 = taps[tap + 3u * OUT + 1u];
        b0 = multiplyAdd(b0, r0, w0, w1, w2, w3);
        b1 = multiplyAdd(b1, r1, w0, w1, w2, w3);
        b2 = multiplyAdd(b2, r2, w0, w1, w2, w3);
        b3 = multiplyAdd(b3, r3, w0, w1, w2, w3);
      }
    }
  }

  let block = group.z * OUT + firstOut;
  let firstBias = OUTPUTS * BLOCKS * 4u;
  let cell = origin + vec2u(thread.x, thread.y * STRIP);
  storeStrip(block, cell, vec4f(weights[firstBias + block]), a0, a1, a2, a3);
  if (DEPTH > 1u) { storeStrip(block + 1u, cell, vec4f(weights[firstBias + block + 1u]), b0, b1, b2, b3); }
}
