import type { Precision } from '../../models/card.ts';
import type { Device } from '../../models/limits.ts';

/** The version of what follows: a field that changes its meaning gets a new number. */
export const EVENT_FORMAT = 1;

/** What makes a plan: enough to make the same one again, for a retry with its id. */
export interface PlanInputs {
  /** Id and version of the model's card. */
  readonly model: string;
  readonly version: string;
  /** px. */
  readonly width: number;
  readonly height: number;
  readonly precision: Precision;
  readonly device: Device;
}

/** A plan that was handed out. Counted once per id, whoever chose it. */
export interface PlanEvent extends PlanInputs {
  readonly kind: 'plan';
  /** UUID, lower case. */
  readonly id: string;
  /** ms since 1970, at the edge: no client's clock counts anywhere. */
  readonly at: number;
  readonly tiles: number;
  /** Bytes of graph and weights that carrying it out downloads, if nothing is cached. */
  readonly bytes: number;
}

/** An image that the edge denoised itself. Counted once per id, like a plan. */
export interface EdgeEvent extends Pick<PlanInputs, 'model' | 'version' | 'width' | 'height'> {
  readonly kind: 'edge';
  readonly id: string;
  readonly at: number;
  /** 0 where nothing had to be removed. */
  readonly tiles: number;
  /** Always 0: nothing is downloaded to the visitor. */
  readonly bytes: 0;
}

/** What can run a plan, as the client names it. `none`: there was no noise to remove. */
export const BACKENDS = ['wgsl', 'tfjs-webgpu', 'webgpu', 'wasm', 'cpu', 'filter', 'edge', 'none'] as const;
export const OUTCOMES = ['ok', 'failed', 'aborted'] as const;

/** How a plan ended at the client's. Counted once per plan. */
export interface OutcomeEvent {
  readonly kind: 'outcome';
  readonly planId: string;
  readonly backend: (typeof BACKENDS)[number];
  /** Vendor and architecture of the GPU, as WebGPU tells any page; empty where there is none. */
  readonly adapter: string;
  /** Tiles that were finished. */
  readonly tiles: number;
  /** ms from the plan to the last tile. */
  readonly milliseconds: number;
  readonly outcome: (typeof OUTCOMES)[number];
  /** ms since 1970, at the edge. */
  readonly at: number;
  /** The plan itself, where the client made it without the edge: counted with its outcome, unless it was before. */
  readonly plan?: PlanEvent;
}

export type UsageEvent = PlanEvent | EdgeEvent | OutcomeEvent;

/** YYYY-MM-DD in UTC. */
export const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

/** YYYY-MM in UTC: what quotas are for. */
export const monthOf = (at: number) => dayOf(at).slice(0, 7);

/** When the month after that of `at` begins, ms since 1970. */
export function nextMonth(at: number): number {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}
