import { forgetModel, isKept, keepModel, listModels, type ModelSummary } from '../../index.ts';
import { element } from '../../page/element.ts';
import { endpoint } from '../address.ts';

/** The models that suit photographs: no size of their own, and past their experiments. */
const suitsPhotos = ({ family, size, experimental }: ModelSummary) =>
  family !== 'autoencoder' && !size && experimental === undefined;

const GROUPS = { tier: 'Networks', network: 'Networks', filter: 'Classical filters', autoencoder: '' } as const;

/** Which model is chosen, what its card says of it, and whether it is kept for when there is no network. */
export class ModelChoice {
  readonly #select = element('model', HTMLSelectElement);
  readonly #keep = element('keep', HTMLButtonElement);
  readonly #kept = element('kept');
  #models: readonly ModelSummary[] = [];
  /** What each card says that its model cannot do. */
  readonly #limits = new Map<string, readonly string[]>();

  constructor() {
    this.#keep.addEventListener('click', () => this.#toggleKept().catch((reason) => this.#say(String(reason.message))));
  }

  get model(): ModelSummary | undefined {
    return this.#models.find(({ id }) => id === this.#select.value);
  }

  /** Fills the list; without edge and memory of it, the choice stays what it is. */
  async open(chosen: string): Promise<void> {
    this.#models = (await listModels({ endpoint }).catch(() => [])).filter(suitsPhotos);
    const groups = new Map<string, HTMLOptGroupElement>();
    for (const { id, title, family } of this.#models) {
      const label = GROUPS[family];
      const group = groups.get(label) ?? Object.assign(document.createElement('optgroup'), { label });
      groups.set(label, group);
      group.append(new Option(title, id));
    }
    this.#select.replaceChildren(...[...groups.values()].sort((a, b) => b.label.localeCompare(a.label)));
    this.show(chosen);
  }

  show(id: string): void {
    if (![...this.#select.options].some(({ value }) => value === id)) this.#select.append(new Option(id, id));
    this.#select.value = id;
    this.#describe().catch((reason) => console.debug('degrain: a model in words', reason));
  }

  onChange(use: (id: string) => void): void {
    this.#select.addEventListener('change', () => {
      this.show(this.#select.value);
      use(this.#select.value);
    });
  }

  async #describe(): Promise<void> {
    const { model } = this;
    element('model-words').textContent = model?.description ?? '';
    element('model-limits').replaceChildren();
    this.#keep.hidden = !model || model.family === 'filter';
    this.#say('');
    if (!model) return;
    const [limits, kept] = await Promise.all([this.#limitsOf(model), isKept(model.id, { endpoint })]);
    if (this.model !== model) return;
    const line = (text: string) => Object.assign(document.createElement('li'), { textContent: text });
    element('model-limits').replaceChildren(...limits.map(line));
    const bytes = model.files.q8.reduce((sum, file) => sum + file.bytes, 0);
    this.#keep.textContent = kept ? 'Remove from this device' : `Keep offline (${inMegabytes(bytes)})`;
    this.#keep.dataset.kept = String(kept);
    if (kept || model.family === 'filter') this.#say('Works without a network.');
  }

  async #limitsOf({ id, links }: ModelSummary): Promise<readonly string[]> {
    const known = this.#limits.get(id);
    if (known) return known;
    const response = await fetch(links.card).catch(() => undefined);
    const { limits = [] } = (response?.ok ? await response.json() : {}) as { limits?: string[] };
    if (response?.ok) this.#limits.set(id, limits);
    return limits;
  }

  async #toggleKept(): Promise<void> {
    const { model } = this;
    if (!model) return;
    this.#keep.disabled = true;
    try {
      if (this.#keep.dataset.kept === 'true') await forgetModel(model.id, { endpoint });
      else {
        await keepModel(model.id, {
          endpoint,
          onProgress: ({ done, total }) => this.#say(`${inMegabytes(done)} of ${inMegabytes(total)}`),
        });
      }
      await this.#describe();
    } finally {
      this.#keep.disabled = false;
    }
  }

  #say(text: string): void {
    this.#kept.textContent = text;
  }
}

export const inMegabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
