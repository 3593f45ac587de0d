import type { Tile } from './tile.ts';

/**
 * Most that one submission computes, 1e9 multiply-accumulates: systems end a GPU program that holds up the display for
 * about two seconds, browser and all. 100 take a quarter of a second at 0.8 TFLOP/s, what small integrated GPUs reach.
 */
const MOST_GMACS = 100;

/**
 * The whole network, in one command buffer unless that would take long: image in, answer out.
 *
 * @throws what mapping throws where the device is lost.
 */
export async function runTile(
  device: GPUDevice,
  tile: Tile,
  image: Float32Array,
  mostGmacs = MOST_GMACS,
): Promise<Float32Array> {
  device.queue.writeBuffer(tile.image, 0, image as Float32Array<ArrayBuffer>);
  let encoder = device.createCommandEncoder();
  let pass = encoder.beginComputePass();
  let gmacs = 0;
  for (const dispatch of tile.dispatches) {
    if (gmacs > 0 && gmacs + dispatch.gmacs > mostGmacs) {
      pass.end();
      device.queue.submit([encoder.finish()]);
      encoder = device.createCommandEncoder();
      pass = encoder.beginComputePass();
      gmacs = 0;
    }
    pass.setPipeline(dispatch.step.pipeline);
    pass.setBindGroup(0, dispatch.bindings);
    pass.dispatchWorkgroups(...dispatch.workgroups);
    gmacs += dispatch.gmacs;
  }
  pass.end();
  encoder.copyBufferToBuffer(tile.result, 0, tile.readback, 0, tile.result.size);
  device.queue.submit([encoder.finish()]);
  await tile.readback.mapAsync(GPUMapMode.READ);
  const answer = new Float32Array(tile.readback.getMappedRange()).slice();
  tile.readback.unmap();
  return answer;
}
