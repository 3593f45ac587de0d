import { element } from '../../page/element.ts';

/** The noise level: found by the page, or set by hand where the page is wrong. */
export class NoiseLevel {
  readonly #auto = element('auto', HTMLInputElement);
  readonly #level = element('level', HTMLInputElement);
  readonly #words = element('sigma', HTMLOutputElement);
  #found: number | undefined;

  get sigma(): number | 'auto' {
    return this.#auto.checked ? 'auto' : this.#level.valueAsNumber;
  }

  /** `found`: what the last run was told; blind models say nothing and take nothing. */
  show(sigma: number | 'auto', found: number | undefined, range: { min: number; max: number } | 'blind'): void {
    this.#found = found;
    const blind = range === 'blind';
    if (!blind) [this.#level.min, this.#level.max] = [String(Math.max(1, range.min)), String(range.max)];
    this.#auto.checked = blind || sigma === 'auto';
    this.#auto.disabled = blind;
    this.#level.disabled = this.#auto.checked;
    if (sigma !== 'auto') this.#level.valueAsNumber = sigma;
    else if (found) this.#level.valueAsNumber = Math.round(found);
    this.#words.textContent = blind ? 'found by the model' : this.#inWords();
  }

  onChange(use: (sigma: number | 'auto') => void): void {
    this.#auto.addEventListener('change', () => {
      this.#level.disabled = this.#auto.checked;
      this.#words.textContent = this.#inWords();
      use(this.sigma);
    });
    this.#level.addEventListener('input', () => {
      this.#words.textContent = this.#inWords();
    });
    this.#level.addEventListener('change', () => use(this.sigma));
  }

  #inWords(): string {
    const sigma = this.sigma === 'auto' ? this.#found : this.sigma;
    if (sigma === undefined) return '…';
    return sigma === 0 ? 'none' : `${strengthOf(sigma)} (σ ${sigma.toFixed(this.sigma === 'auto' ? 1 : 0)})`;
  }
}

/** Standard deviations on the 0..255 scale, in words. */
function strengthOf(sigma: number): string {
  if (sigma < 5) return 'slight';
  if (sigma < 12) return 'moderate';
  return sigma < 30 ? 'strong' : 'very strong';
}
