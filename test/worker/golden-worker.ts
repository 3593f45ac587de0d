import type { NetworkCard } from '../../models/card.ts';
import { findCard } from '../../models/catalog.ts';
import type { Env } from '../../worker/env.ts';
import { edgeSource, tensorCount } from '../../worker/inference/source.ts';

/**
 * The edge's engine without images and pipeline, for golden.test.ts: [1,H,W,4] float32 in, [1,H,W,3] out. No part of
 * the product. `Tensors` counts what the kernels hold after the run. With `damaged`, one byte of each file is another.
 */
export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const size = new URL(request.url).searchParams;
    const [height, width] = [Number(size.get('height')), Number(size.get('width'))];
    const card = findCard(size.get('model') as string, size.get('version') as string) as NetworkCard;
    const input = new Float32Array(await request.arrayBuffer());
    const run = async () =>
      (await edgeSource(size.has('damaged') ? damaged(env) : env, card).open()).run(input, height, width);
    const answer = await run().then(
      (output) => ({ status: 200, body: output as BodyInit }),
      (failure) => ({ status: 500, body: String(failure) }),
    );
    return new Response(answer.body, { status: answer.status, headers: { Tensors: String(tensorCount()) } });
  },
};

function damaged(env: Env): Env {
  const fetch = async (address: URL) => {
    const bytes = new Uint8Array(await (await env.ASSETS.fetch(address)).arrayBuffer());
    bytes[100] = (bytes[100] as number) ^ 1;
    return new Response(bytes);
  };
  return { ...env, ASSETS: { fetch } as unknown as Env['ASSETS'] };
}
