import { DenoiseQuery } from '../../routes/denoise.ts';
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
      '`image-too-large`, which carries the plan for the browser.',
    access: 'page or server',
    query: DenoiseQuery,
    notes: {
      planId: {
        description: 'Your own UUID: a retry with it counts once',
        example: 'c0a8f3de-64b1-4d27-8e55-1f9b7a3c2d10',
      },
      model: { description: '`fast`, or `fast@1.1.0` for that version', example: 'fast' },
      sigma: {
        description: 'Standard deviation of the noise, 0 to 255; `auto` estimates. Blind models take `auto` only',
        example: 'auto',
      },
      strength: { description: '0 to 1: how much of the noise that was found goes', example: '1' },
      luma: { description: '0 to 1: of noise in brightness', example: '1' },
      chroma: { description: '0 to 1: of noise in colour', example: '1' },
    },
    body: { type: 'image/png' },
    answers: {
      200: {
        description: 'The image, denoised',
        content: { type: 'image/png' },
        headers: ['Degrain-Model', 'Degrain-Sigma', 'Degrain-Megapixels', 'Server-Timing', 'Cache-Control'],
      },
    },
    problems: [
      'bad-request',
      'invalid-image',
      'model-not-at-edge',
      'not-found',
      'image-too-large',
      'unsupported-media-type',
      'quota-exceeded',
    ],
  },
];
