import { ModelCard } from '../../../models/card.ts';
import { Catalogue } from '../../answers/catalogue.ts';
import { summary } from '../../routes/models.ts';
import { CARD, EDGE } from '../examples.ts';
import type { Answer, Operation, PathParameter } from '../operation.ts';

const id: PathParameter = { description: "A model's id", example: CARD.id, pattern: '^[a-z][a-z0-9-]*$' };
const version: PathParameter = { description: 'Its version', example: CARD.version, pattern: '^\\d+\\.\\d+\\.\\d+$' };

const unchanged: Answer = {
  description: 'What If-None-Match names is still right',
  headers: ['ETag', 'Cache-Control'],
};

const card: Record<number, Answer> = {
  200: {
    description: 'The card, as it was published',
    content: { type: 'application/json', schema: ModelCard, example: CARD },
    headers: ['ETag', 'Cache-Control', 'Link'],
  },
  304: unchanged,
};

export const models: readonly Operation[] = [
  {
    method: 'get',
    route: '/v1/models',
    id: 'listModels',
    tag: 'models',
    summary: 'Lists the models',
    description: 'Of each model what a chooser needs, newest versions first.',
    access: 'anyone',
    answers: {
      200: {
        description: 'The catalogue',
        content: { type: 'application/json', schema: Catalogue, example: { models: [summary(EDGE, CARD)] } },
        headers: ['ETag', 'Cache-Control'],
      },
      304: unchanged,
    },
  },
  {
    method: 'get',
    route: '/v1/models/:id',
    id: 'getModel',
    tag: 'models',
    summary: "The card of a model's newest version",
    access: 'anyone',
    path: { id },
    answers: card,
    problems: ['not-found'],
  },
  {
    method: 'get',
    route: '/v1/models/:id/:version',
    id: 'getModelVersion',
    tag: 'models',
    summary: 'The card of a version',
    access: 'anyone',
    path: { id, version },
    answers: card,
    problems: ['not-found'],
  },
];
