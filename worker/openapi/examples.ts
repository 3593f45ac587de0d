import { findCard } from '../../models/catalog.ts';
import { describePlan, planFor } from '../planning.ts';

/** Where the examples' edge is. */
export const EDGE = 'https://edge.example';

export const PLAN_ID = '7b0c3a52-5a0e-4b0c-9d7e-0f5a3c1d2e4f';

const fast = findCard('fast');
if (!fast) throw new Error('The examples are of `fast`, which is not published');

/** The card and the plan that the edge answers with: examples made by the code that they are examples of. */
export const CARD = fast;
export const WIDTH = 1200;
export const HEIGHT = 800;
export const DEVICE = { backend: 'wasm' } as const;
export const OUTLINE = describePlan(EDGE, fast, 'q8', planFor(fast, WIDTH, HEIGHT, DEVICE));
