import { CARD } from '../examples.ts';
import type { Operation } from '../operation.ts';

const bytes = { type: 'application/octet-stream' };

export const files: readonly Operation[] = [
  {
    method: 'get',
    route: '/models/:id/:version/:name',
    id: 'getModelFile',
    tag: 'models',
    summary: 'Weights and graphs',
    description:
      'Cached for a year: the bytes behind an address never change. Take addresses from the catalogue or a plan; they ' +
      'carry the start of the hash as `sha256`. Parts (206, 416) come from edges that serve files from a bucket, others ' +
      'answer with the whole file.',
    access: 'anyone',
    servedBy: 'assets',
    path: {
      id: { description: "A model's id", example: CARD.id },
      version: { description: 'Its version', example: CARD.version },
      name: { description: 'A file that its card lists', example: 'weights.q8' },
    },
    answers: {
      200: { description: 'The file', content: bytes, headers: ['ETag', 'Cache-Control', 'Accept-Ranges'] },
      206: { description: 'The bytes that Range asks for', content: bytes, headers: ['ETag', 'Content-Range'] },
      304: { description: 'What If-None-Match names is still right', headers: ['ETag', 'Cache-Control'] },
    },
    problems: ['not-found', 'range-not-satisfiable'],
  },
];
