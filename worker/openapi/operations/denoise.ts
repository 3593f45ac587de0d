import { Estimate } from '../../answers/estimate.ts';
import { DenoiseQuery } from '../../routes/denoise.ts';
import { EDGE, OUTLINE } from '../examples.ts';
import type { Operation } from '../operation.ts';

export const denoise: readonly Operation[] = [
  {
    method: 'post',
    route: '/v1/denoise',
    id: 'denoise',
    tag: 'denoise',
    summary: 'Denoises a small image',
    description:
      'Up to 65,536 pixels and 1 MiB unless the operator chose other limits. A larger image is answered with ' +
      '`image-too-large`, which carries the plan for the browser. The answer has the type that `Accept` prefers, by ' +
      'default that of the image; `strength=0` gives back the very pixels.',
    access: 'page or server',
    query: DenoiseQuery,
    notes: {
      planId: {
        description: 'Your own UUID: a retry with it counts once',
        example: 'c0a8f3de-64b1-4d27-8e55-1f9b7a3c2d10',
      },
      model: { description: '`fast`, or `fast@1.2.0` for that version', example: 'fast' },
      sigma: {
        description: 'Standard deviation of the noise, 0 to 255; `auto` estimates. Blind models take `auto` only',
        example: 'auto',
      },
      strength: { description: '0 to 1: how much of the noise that was found goes', example: '1' },
      luma: { description: '0 to 1: of noise in brightness', example: '1' },
      chroma: { description: '0 to 1: of noise in colour', example: '1' },
      dryRun: { description: '`1`: what it would take, as JSON; nothing is done or counted', example: '0' },
    },
    body: [{ type: 'image/png' }, { type: 'image/jpeg' }],
    answers: {
      200: {
        description: 'The image, denoised; of a dry run, what it would take',
        content: [
          { type: 'image/png' },
          { type: 'image/jpeg' },
          {
            type: 'application/json',
            schema: Estimate,
            example: {
              model: 'fast@1.2.0',
              type: 'image/jpeg',
              width: 1200,
              height: 800,
              megapixels: 0.96,
              withinLimits: false,
              limits: { pixels: 65536, bytes: 1048576 },
              tiles: 20,
              gmacs: 93.5,
              peakBytes: 8456192,
              plan: OUTLINE,
              links: { page: `${EDGE}/?model=fast`, plans: `${EDGE}/v1/plans` },
            },
          },
        ],
        headers: ['Degrain-Model', 'Degrain-Sigma', 'Degrain-Megapixels', 'Server-Timing', 'Cache-Control'],
      },
    },
    problems: [
      'bad-request',
      'invalid-image',
      'model-not-at-edge',
      'not-found',
      'not-acceptable',
      'image-too-large',
      'unsupported-media-type',
      'quota-exceeded',
      'busy',
    ],
  },
];
