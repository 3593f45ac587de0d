import { Plan } from '../../answers/plan.ts';
import { PlanRequest } from '../../routes/plans.ts';
import { CARD, DEVICE, HEIGHT, OUTLINE, PLAN_ID, WIDTH } from '../examples.ts';
import type { Operation } from '../operation.ts';

export const plans: readonly Operation[] = [
  {
    method: 'post',
    route: '/v1/plans',
    id: 'createPlan',
    tag: 'plans',
    summary: 'How to denoise an image of this size on that device',
    description:
      'Which files to load, and how to cut the image into tiles that the device can hold. Counted once per `planId`: a ' +
      'retry with the same id gets the same plan.',
    access: 'page or server',
    body: {
      type: 'application/json',
      schema: PlanRequest,
      example: { planId: PLAN_ID, model: CARD.id, width: WIDTH, height: HEIGHT, device: DEVICE },
    },
    notes: {
      planId: { description: 'Your own UUID, a new one for each image; a retry with it counts once' },
      model: { description: '`fast`, or `fast@1.2.0` for that version' },
      width: { description: 'px; at most 2^28 pixels in all' },
      height: { description: 'px' },
      channels: { description: 'Of the image, alpha included' },
      precision: {
        description:
          'How weights travel: `q8` is half the download of `f16`; chosen for device and connection unless given',
      },
      device: { description: "What will run it: the engine, WebGPU's limits, and the memory you are willing to spend" },
      connection: { description: 'As `navigator.connection` has it; decides on the precision, and is not stored' },
    },
    answers: {
      200: {
        description: 'The plan',
        content: { type: 'application/json', schema: Plan, example: { planId: PLAN_ID, ...OUTLINE } },
        headers: ['Cache-Control'],
      },
    },
    problems: ['bad-request', 'not-found', 'quota-exceeded'],
  },
];
