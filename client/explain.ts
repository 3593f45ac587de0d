import type { ModelCard } from '../models/card.ts';
import { DegrainError } from '../models/errors.ts';
import { runsAtEdge } from '../models/limits.ts';
import type { DenoiserOptions, EngineName, EngineVerdict, Explanation } from './contract.ts';
import { NAMES, obstacles, type Surroundings, wantedEngines } from './engine/choose.ts';

/** What happened, as far as it did. */
export interface Tried {
  /** Undefined before it is known. */
  readonly card: ModelCard | undefined;
  readonly failures: ReadonlyMap<EngineName | 'filter', unknown>;
  /** What ran, or will be tried first. */
  readonly engine: Explanation['engine'];
  /** How that computes, such as `in float16`. */
  readonly variant?: string | undefined;
}

type Verdict = Omit<EngineVerdict, 'engine'>;

/** A verdict on every engine, in the order in which they are tried. */
export function explainEngines(
  asked: Required<DenoiserOptions>['engine'],
  surroundings: Surroundings,
  tried: Tried,
): EngineVerdict[] {
  const wanted = wantedEngines(asked);
  const others = NAMES.filter((name) => !wanted.includes(name));
  const against = obstacles(asked, surroundings);
  const verdictOn = (engine: EngineName): Verdict => {
    if (engine === tried.engine) return chosen(tried.failures.get(engine), tried.variant);
    if (!wanted.includes(engine)) return { reason: 'not-asked-for', why: `engine is ${[asked].flat().join(', ')}` };
    const { engine: ran, card } = tried;
    const wasTried = ran === undefined || wanted.indexOf(engine) < wanted.indexOf(ran as EngineName);
    const verdict = against[engine] ?? failed(engine, tried) ?? unsuited(engine, card);
    return verdict ?? (wasTried ? WRONG_NUMBERS : notNeeded(tried));
  };
  const verdicts = [...wanted, ...others].map((engine) => ({ engine, ...verdictOn(engine) }));
  if (tried.engine !== 'filter') return verdicts;
  return [
    { engine: 'filter', reason: 'chosen', why: `${tried.card?.id} is a filter and needs no engine` },
    ...verdicts,
  ];
}

/** The pipeline passes over such an engine without a word of its own. */
const WRONG_NUMBERS: Verdict = {
  reason: 'failed',
  why: 'its numbers were not finite',
  error: 'engine-failed',
};

function chosen(failure: unknown, variant: string | undefined): Verdict {
  const first = ['the first that works here', variant].filter(Boolean).join(', ');
  const why = failure === undefined ? first : `it finished on smaller tiles, after ${failure}`;
  return { reason: 'chosen', why };
}

function failed(engine: EngineName, { failures }: Tried): Verdict | undefined {
  const failure = failures.get(engine);
  if (failure === undefined) return undefined;
  const code = failure instanceof DegrainError ? { error: failure.code } : {};
  return { reason: 'failed', why: failure instanceof Error ? failure.message : String(failure), ...code };
}

function unsuited(engine: EngineName, card: ModelCard | undefined): Verdict | undefined {
  if (engine !== 'edge' || !card || runsAtEdge(card)) return undefined;
  return { reason: 'model-too-large', why: `${card.id} computes more than the edge does for a picture` };
}

function notNeeded({ engine }: Tried): Verdict {
  const why = { none: 'there was nothing to remove', filter: 'filters need no engine' };
  return { reason: 'not-needed', why: why[engine as keyof typeof why] ?? `${engine ?? 'another'} goes before it` };
}
