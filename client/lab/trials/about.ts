import type { ModelSummary } from '../../edge/api.ts';
import { fetchCard } from '../catalogue.ts';
import { make } from '../dom.ts';
import { histogramPlot } from '../plot/histogram.ts';
import type { Quality } from '../work/protocol.ts';
import { decibels, duration, similarity } from './format.ts';
import { measuredOn } from './measured.ts';
import type { Result } from './results.ts';
import type { Trial } from './trial.ts';

/** PSNR and SSIM, and what else there is. */
export function figures({ psnr, ssim }: Quality, more: Record<string, string> = {}): HTMLElement {
  const entries = Object.entries({ PSNR: decibels(psnr), SSIM: similarity(ssim), ...more });
  return make(
    'dl',
    { class: 'figures' },
    ...entries.map(([name, value]) => make('div', {}, make('dt', {}, name), make('dd', {}, value))),
  );
}

/** What there is to say of a result. */
export function aboutResult(model: ModelSummary, result: Result, { noise, noisy }: Trial): HTMLElement[] {
  const { sigma, removed, milliseconds } = result;
  const words =
    sigma === undefined
      ? 'It finds the noise itself.'
      : `It ${noise.sigma === 'told' ? 'was told' : 'estimated'} σ\u00a0${sigma.toFixed(1)}.`;
  return [
    figures(result, { Time: duration(milliseconds) }),
    make('div', { class: 'quiet' }, words),
    histogram(histogramPlot(noisy.added, { name: model.title, removed })),
    make(
      'div',
      { class: 'quiet' },
      `Line: removed, σ\u00a0${removed.deviation.toFixed(1)}. Area: added, σ\u00a0${noisy.added.deviation.toFixed(1)}.`,
    ),
  ];
}

/** What there is to say of the noisy picture. */
export function aboutNoisy({ noisy }: Trial): HTMLElement[] {
  const words = `Added: σ\u00a0${noisy.added.deviation.toFixed(1)}, the root mean square of all changes.`;
  return [figures(noisy), histogram(histogramPlot(noisy.added)), make('div', { class: 'quiet' }, words)];
}

function histogram(plot: SVGElement): HTMLElement {
  const box = make('div', { class: 'histogram' });
  box.append(plot);
  return box;
}

/** What it is, where it is from, and how it was judged: of its card. */
export function origin(model: ModelSummary): HTMLElement {
  const details = make('details', {}, make('summary', {}, 'What it does'), make('p', {}, model.description));
  details.addEventListener(
    'toggle',
    async () => {
      const card = await fetchCard(model).catch(() => undefined);
      const source = card && 'paper' in card ? [`Source: ${card.paper}.`] : [];
      const size =
        card && 'parameters' in card ? [`A network of ${card.parameters.toLocaleString('en')} parameters.`] : [];
      const link = make('a', { href: model.links.card }, 'Its card, with all that was measured');
      details.append(
        ...[...source, ...size, ...measuredOn(card?.metrics ?? [])].map((text) => make('p', {}, text)),
        ...(card?.limits ?? []).map((text) => make('p', { class: 'quiet' }, text)),
        make('p', {}, link),
      );
    },
    { once: true },
  );
  return details;
}
