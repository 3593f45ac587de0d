import type { RasterImage } from '../../../models/image.ts';
import type { ModelSummary } from '../../edge/api.ts';
import { type Run, runDenoiser } from '../denoisers.ts';
import type { BenchSetup } from '../experiment.ts';
import { work } from '../work/connection.ts';
import type { Noisy } from '../work/protocol.ts';
import { type Figures, type Result, Results } from './results.ts';
import { toldSigma } from './told.ts';

/** A clean picture. Its name tells it from all others that this page has had. */
export interface Picture {
  readonly name: string;
  readonly title: BenchSetup['picture'];
  readonly clean: RasterImage;
}

type Noise = Pick<BenchSetup, 'noise' | 'level' | 'seed' | 'sigma'>;

const results = new Results();

/** A picture with noise, and what denoisers make of it. The same trial again takes what is known. */
export class Trial {
  readonly picture: Picture;
  readonly noise: Noise;
  readonly noisy: Noisy;

  constructor(picture: Picture, noise: Noise, noisy: Noisy) {
    this.picture = picture;
    this.noise = noise;
    this.noisy = noisy;
  }

  /** Adds the noise, in the lab's worker. */
  static async prepare(picture: Picture, noise: Noise, signal?: AbortSignal): Promise<Trial> {
    const { clean } = picture;
    const { noise: kind, level, seed } = noise;
    return new Trial(picture, noise, await work().call('addNoise', { clean, noise: kind, level, seed }, { signal }));
  }

  known(model: ModelSummary): Result | undefined {
    return results.whole(this.#key(model));
  }

  figures(model: ModelSummary): Figures | undefined {
    return results.figures(this.#key(model));
  }

  async run(model: ModelSummary, options: Omit<Run, 'sigma'>): Promise<Result> {
    const known = this.known(model);
    if (known) return known;
    const { noisy, added } = this.noisy;
    const { noise, level, sigma: asked } = this.noise;
    const sigma = asked === 'told' ? toldSigma(model, { noise, level, deviation: added.deviation }) : 'auto';
    const outcome = await runDenoiser(model.id, noisy, { ...options, sigma });
    const { clean } = this.picture;
    const measured = await work().call('measure', { clean, noisy, denoised: outcome.image, added }, options);
    const result = { ...outcome, ...measured };
    results.keep(this.#key(model), result);
    return result;
  }

  #key({ id, version }: ModelSummary): string {
    const { noise, level, seed, sigma } = this.noise;
    return [this.picture.name, noise, level, seed, sigma, `${id}@${version}`].join(' ');
  }
}
