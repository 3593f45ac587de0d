import { type ModelCard, parseCard } from './card.ts';
import fast_1_0_0 from './published/fast/1.0.0/card.json' with { type: 'json' };

/** Every published model and version. A new one is a line here, above the older versions of its model. */
const CARDS: readonly ModelCard[] = [fast_1_0_0].map(parseCard);

/** The cards of all models, of each model the newest version first. */
export function listCards(): readonly ModelCard[] {
  return CARDS;
}

/** The newest version of a model, or the one asked for. */
export function findCard(id: string, version?: string): ModelCard | undefined {
  return CARDS.find((card) => card.id === id && (version === undefined || card.version === version));
}
