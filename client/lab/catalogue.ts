import type { FilterCard, ModelSummary, NetworkCard } from '../edge/api.ts';
import { ask } from '../edge/request.ts';
import { listModels as listAll } from '../index.ts';

let list: Promise<readonly ModelSummary[]> | undefined;
const cards = new Map<string, Promise<FilterCard | NetworkCard>>();

/** What the edge has, the newest version of each. */
export function listModels(): Promise<readonly ModelSummary[]> {
  list ??= listAll({ endpoint: location.origin }).then((models) =>
    models.filter(({ id }, i) => models.findIndex((other) => other.id === id) === i),
  );
  list.catch(() => {
    list = undefined;
  });
  return list;
}

/** @throws Error where there is none of that name. */
export async function findModel(id: string): Promise<ModelSummary> {
  const found = (await listModels()).find((model) => model.id === id);
  if (found) return found;
  throw new Error(`Expected the edge to have ${id}`);
}

/** The whole card: its paper, its limits, what was measured. */
export function fetchCard({ links }: ModelSummary): Promise<FilterCard | NetworkCard> {
  const card = cards.get(links.card) ?? ask(links.card, {}).then((response) => response.json());
  cards.set(links.card, card);
  card.catch(() => cards.delete(links.card));
  return card;
}
