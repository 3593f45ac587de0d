import manifest from '../../../package.json' with { type: 'json' };
import { Health } from '../../answers/health.ts';
import { ProblemCodeInfo } from '../../answers/problem.ts';
import { PROBLEMS } from '../../http/problem.ts';
import type { Operation } from '../operation.ts';

export const service: readonly Operation[] = [
  {
    method: 'get',
    route: '/healthz',
    id: 'getHealth',
    tag: 'service',
    summary: 'Says that the edge is up, and which version',
    access: 'anyone',
    answers: {
      200: {
        description: 'It is up',
        content: { type: 'application/json', schema: Health, example: { status: 'ok', version: manifest.version } },
      },
    },
  },
  {
    method: 'get',
    route: '/problems/:code',
    id: 'getProblem',
    tag: 'service',
    summary: 'Explains the code of a problem',
    description: 'The `type` of every problem is the address of its explanation.',
    access: 'anyone',
    path: { code: { description: "The last part of a problem's `type`", example: 'not-found' } },
    answers: {
      200: {
        description: 'The code, its status and what it means',
        content: {
          type: 'application/json',
          schema: ProblemCodeInfo,
          example: { code: 'not-found', ...PROBLEMS['not-found'] },
        },
      },
    },
    problems: ['not-found'],
  },
];
