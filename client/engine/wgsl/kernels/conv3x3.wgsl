// A 3x3 convolution as a GEMM whose left side is never written: a workgroup computes 16 x ROWS cells of GROUP blocks. It
// stages CHUNK blocks of the input with a border of one cell, and their weights; each thread then keeps the sums of one
// block of ROWS cells, one below the other, in registers. With eight rows, ten cells of the input serve the three taps of
// a column: 384 multiply-adds on 22 reads. With four it is 192 on 18, in two thirds of the registers.

const COLUMNS = 16u;
const SLAB_COLUMNS = COLUMNS + 2u;
const SLAB_CELLS = SLAB_COLUMNS * (ROWS + 2u);

const SLAB = SLAB_CELLS * CHUNK;
const TAPS = CHUNK * 9u * 4u * GROUP;
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
      let inner = i % SLAB_CELLS;
      // one up and to the left, where the border begins: below zero wraps to what no image has
      let cell = origin + vec2u(inner % SLAB_COLUMNS, inner / SLAB_COLUMNS) - vec2u(1u);
      var value = Block();
      if (all(cell < size)) { value = load(first + i / SLAB_CELLS, cell); }
      slab[i] = value;
    }
    let firstTap = (group.z * BLOCKS + first) * 9u * 4u * GROUP;
    for (var i = index; i < TAPS; i += THREADS) { taps[i] = weights[firstTap + i]; }
    workgroupBarrier();

    for (var block = 0u; block < CHUNK; block++) {
      for (var x = 0u; x < 3u; x++) {
        let at = block * SLAB_CELLS + thread.x + x;
        let r0 = slab[at];
        let r1 = slab[at + SLAB_COLUMNS];
        let r2 = slab[at + 2u * SLAB_COLUMNS];
        let r3 = slab[at + 3u * SLAB_COLUMNS];
        let r4 = slab[at + 4u * SLAB_COLUMNS];
        let r5 = slab[at + 5u * SLAB_COLUMNS];
        var r6 = Block(); var r7 = Block(); var r8 = Block(); var r9 = Block();
        if (ROWS > 4u) {
          r6 = slab[at + 6u * SLAB_COLUMNS];
          r7 = slab[at + 7u * SLAB_COLUMNS];
          r8 = slab[at + 8u * SLAB_COLUMNS];
          r9 = slab[at + 9u * SLAB_COLUMNS];
        }
        var tap = (block * 3u + x) * 3u * 4u * GROUP + thread.y;

        var w0 = taps[tap]; var w1 = taps[tap + GROUP]; var w2 = taps[tap + 2u * GROUP]; var w3 = taps[tap + 3u * GROUP];
        s0 = multiplyAdd(s0, r0, w0, w1, w2, w3);
        s1 = multiplyAdd(s1, r1, w0, w1, w2, w3);
        s2 = multiplyAdd(s2, r2, w0, w1, w2, w3);
        s3 = multiplyAdd(s3, r3, w0, w1, w2, w3);
        if (ROWS > 4u) {
          s4 = multiplyAdd(s4, r4, w0, w1, w2, w3);
          s5 = multiplyAdd(s5, r5, w0, w1, w2, w3);
          s6 = multiplyAdd(s6, r6, w0, w1, w2, w3);
          s7 = multiplyAdd(s7, r7, w0, w1, w2, w3);
        }

        tap += 4u * GROUP;
        w0 = taps[tap]; w1 = taps[tap + GROUP]; w2 = taps[tap + 2u * GROUP]; w3 = taps[tap + 3u * GROUP];
        s0 = multiplyAdd(s0, r1, w0, w1, w2, w3);
        s1 = multiplyAdd(s1, r2, w0, w1, w2, w3);
        s2 = multiplyAdd(s2, r3, w0, w1, w2, w3);
        s3 = multiplyAdd(s3, r4, w0, w1, w2, w3);
        if (ROWS > 4u) {
          s4 = multiplyAdd(s4, r5, w0, w1, w2, w3);
          s5 = multiplyAdd(s5, r6, w0, w1, w2, w3);
          s6 = multiplyAdd(s6, r7, w0, w1, w2, w3);
          s7 = multiplyAdd(s7, r8, w0, w1, w2, w3);
        }

        tap += 4u * GROUP;
        w0 = taps[tap]; w1 = taps[tap + GROUP]; w2 = taps[tap + 2u * GROUP]; w3 = taps[tap + 3u * GROUP];
        s0 = multiplyAdd(s0, r2, w0, w1, w2, w3);
        s1 = multiplyAdd(s1, r3, w0, w1, w2, w3);
        s2 = multiplyAdd(s2, r4, w0, w1, w2, w3);
        s3 = multiplyAdd(s3, r5, w0, w1, w2, w3);
        if (ROWS > 4u) {
          s4 = multiplyAdd(s4, r6, w0, w1, w2, w3);
          s5 = multiplyAdd(s5, r7, w0, w1, w2, w3);
          s6 = multiplyAdd(s6, r8, w0, w1, w2, w3);
          s7 = multiplyAdd(s7, r9, w0, w1, w2, w3);
        }
      }
    }
  }

  let out = group.z * GROUP + thread.y;
  let bias = vec4f(weights[OUTPUTS * BLOCKS * 9u * 4u + out]);
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
