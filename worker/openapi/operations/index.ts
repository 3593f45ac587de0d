import type { Operation } from '../operation.ts';
import { denoise } from './denoise.ts';
import { files } from './files.ts';
import { models } from './models.ts';
import { plans } from './plans.ts';
import { service } from './service.ts';
import { sites } from './sites.ts';
import { usage } from './usage.ts';

/** Every route of the API, in the order of the reference. */
export const OPERATIONS: readonly Operation[] = [
  ...models,
  ...files,
  ...plans,
  ...denoise,
  ...usage,
  ...sites,
  ...service,
];
