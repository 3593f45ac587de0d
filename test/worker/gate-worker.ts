import { Busy, Gate } from '../../worker/inference/gate.ts';

const gate = new Gate({ places: 2, patience: 1500 });
let inside = 0;

/** A gate and nothing behind it, for gate.test.ts: stays inside for `?ms`. No part of the product. */
export default {
  async fetch(request: Request): Promise<Response> {
    const ms = Number(new URL(request.url).searchParams.get('ms'));
    try {
      const leave = await gate.enter();
      inside++;
      const together = inside;
      await new Promise((resolve) => setTimeout(resolve, ms));
      inside--;
      leave();
      return Response.json({ together });
    } catch (failure) {
      return new Response(null, { status: failure instanceof Busy ? 503 : 500 });
    }
  },
};
