import { describe, expect, test } from 'vitest';
import { type Experiment, FIRST } from '../../../client/lab/experiment.ts';
import { fromLink, toLink } from '../../../client/lab/link.ts';

const other: Experiment = {
  tab: 'bench',
  bench: {
    ...{ picture: 'chart', side: 0, noise: 'salt-and-pepper', level: 0.05, seed: 4711, sigma: 'estimated' },
    ...{ models: ['bm3d', 'fast'], view: 'error', x: 0.25, y: 1, zoom: 8 },
  },
  digits: { data: 'fashion', example: 'boot', factor: 0.8, seed: 9 },
  latent: { data: 'fashion', x: -1.25, y: 3, base: [0.5, 0, -2], from: 'bag', to: 'own', seed: 0 },
};

describe('the link of an experiment', () => {
  test.each(['bench', 'digits', 'latent'] as const)('restores all of the tab %s and nothing else', (tab) => {
    const restored = fromLink(`#${toLink({ ...other, tab })}`);
    expect(restored).toEqual({ ...FIRST, tab, [tab]: other[tab] });
  });

  test('is readable', () => {
    expect(toLink({ ...FIRST, tab: 'digits' })).toBe('tab=digits&data=mnist&example=3&factor=0.5&seed=1');
    expect(toLink(FIRST)).toContain('models=gaussian,median,nlm,fast');
  });

  test('carries an empty list as one', () => {
    const none = { ...FIRST, bench: { ...FIRST.bench, models: [] } };
    expect(fromLink(toLink(none)).bench.models).toEqual([]);
  });

  test('leaves what it has wrong as it was', () => {
    const wrong = 'tab=bench&side=100&level=loud&seed=-1&x=2&models=<b>&zoom=&view=removed';
    expect(fromLink(wrong)).toEqual({ ...FIRST, bench: { ...FIRST.bench, view: 'removed' } });
    expect(fromLink('')).toEqual(FIRST);
    expect(fromLink('tab=nowhere')).toEqual(FIRST);
  });
});
