import { describe, expect, test } from 'vitest';
import { autoencodersReport } from '../../cli/evaluation/report/autoencoders.ts';
import { cleanReport } from '../../cli/evaluation/report/clean.ts';
import { kindsReport } from '../../cli/evaluation/report/kinds.ts';
import { table } from '../../cli/evaluation/report/markdown.ts';
import { costPlot, noisePlot } from '../../cli/evaluation/report/plots.ts';
import { costPoints, noiseLines } from '../../cli/evaluation/report/plotted.ts';
import { realReport } from '../../cli/evaluation/report/real.ts';
import { whiteReport } from '../../cli/evaluation/report/white.ts';
import { zooReport } from '../../cli/evaluation/report/zoo.ts';
import { asText, withSection, withSections } from '../../cli/evaluation/results.ts';
import { filesToRun } from '../../models/card.ts';
import { cardWith, filterCard } from '../models/pictures.ts';
import { entryWith } from './evaluate-cells.ts';

const card = cardWith({});
const blind = cardWith({ id: 'red30', channels: { input: 1, output: 1 }, sigma: { kind: 'blind' } });
const fixed = cardWith({ id: 'dense-mnist', channels: { input: 1, output: 1 }, size: { width: 28, height: 28 } });

/** The cells of the row that starts with a name. */
function row(text: string, name: string): string[] {
  const line = text.split('\n').find((each) => each.startsWith(`| ${name} `) || each.startsWith(`| ${name}|`));
  return (line ?? '')
    .split('|')
    .slice(2, -1)
    .map((cell) => cell.trim());
}

describe('white noise', () => {
  test('has ours beside the published, and a dash for what is not known', () => {
    const text = whiteReport([entryWith(card, [{ level: 15, psnr: 33.864 }])], [15, 25, 40]);
    expect(text).toContain('### CBSD68 (68 images)');
    expect(row(text, 'FFDNet')).toEqual(['0.85 M', '13.9', '33.87', '31.21', '–']);
    expect(row(text, 'Xformer')).toEqual(['25 M', '–', '34.43', '31.82', '–']);
    expect(row(text, '**fast** 1.0.0')).toEqual(['1.05 M', '3.3', '33.86 / 0.9000', '–', '–']);
    expect(text).not.toContain('Weights of 8 bits');
  });

  test('published figures are not set beside 8-bit files', () => {
    const text = whiteReport([entryWith(card, [{ column: '8-bit' }])], [25]);
    expect(row(text, '**fast** 1.0.0')[2]).toBe('31.50 / 0.9000');
    expect(text).not.toContain('FFDNet');
  });

  test('filters have no parameters and stand by quality, blind networks say so', () => {
    const entries = [
      entryWith(filterCard({ id: 'bilateral' }), [{ psnr: 27, precision: undefined, set: 'Set12' }]),
      entryWith(filterCard({ id: 'gaussian' }), [{ psnr: 26, precision: undefined, set: 'Set12' }]),
      entryWith(blind, [{ psnr: 30, told: 'blind', set: 'Set12' }]),
    ];
    const text = whiteReport(entries, [25]);
    expect(row(text, '**bilateral** 1.0.0')).toEqual(['–', '–', '27.00 / 0.9000']);
    expect(text.indexOf('**gaussian**')).toBeLessThan(text.indexOf('**bilateral**'));
    expect(row(text, '**red30** 1.0.0, blind')[2]).toBe('30.00 / 0.9000');
    expect(row(text, 'RED30')).toEqual(['4.13 M', '271', '–']);
  });

  test('what an estimate loses has a table of its own', () => {
    const cells = [{ psnr: 31.2, told: 'auto', sigma: 26.04 }, { psnr: 31.5 }] as const;
    const text = whiteReport([entryWith(card, cells)], [25]);
    expect(text).toMatch(/\| \*\*fast\*\* 1\.0\.0 \| float +\| 25 +\| 26\.0 +\| 31\.20 \/ 0\.9000 \| 0\.30 /);
    expect(row(text, '**fast** 1.0.0')[2]).toBe('31.50 / 0.9000');
  });

  test('what the smaller weights cost is told, and their own rows are not shown', () => {
    const small = [15, 25].map((level, i) => ({ level, precision: 'q8' as const, psnr: 31.49 - i / 50 }));
    const text = whiteReport([entryWith(card, [...small, { level: 15 }, { level: 25 }])], [15, 25]);
    expect(text).toContain('fast mean 0.020 dB, most 0.030 dB');
    expect(row(text, '**fast** 1.0.0').slice(2)).toEqual(['31.50 / 0.9000', '31.50 / 0.9000']);
    expect(text.match(/\*\*fast\*\*/g)?.length).toBe(1);
  });

  test('of what was run with the smaller weights only is shown', () => {
    const text = whiteReport([entryWith(card, [{ precision: 'q8', psnr: 31.4 }])], [25]);
    expect(row(text, '**fast** 1.0.0')[2]).toBe('31.40 / 0.9000');
    const other = { set: 'Set12', precision: 'q8', psnr: 30.1 } as const;
    const both = whiteReport([entryWith(card, [{ precision: 'f16' }, other])], [25]);
    expect(row(both.slice(both.indexOf('### Set12')), '**fast** 1.0.0')[2]).toBe('30.10 / 0.9000');
  });

  test('known sets come in their order, and others after them', () => {
    const text = whiteReport([entryWith(card, [{ set: 'holiday' }, { set: 'Set12' }, { set: 'CBSD68' }])], [25]);
    expect(text.match(/### \w+/g)).toEqual(['### CBSD68', '### Set12', '### holiday']);
  });
});

test('kinds of noise are columns, at the level that is shown', () => {
  const file = { set: 'Kodak24', column: '8-bit', told: 'auto', images: 8 } as const;
  const entries = [
    entryWith(card, [
      { ...file, noise: 'jpeg', level: 10, psnr: 11 },
      { ...file, noise: 'poisson', level: 60, noisy: 21.5, psnr: 30.16 },
      { ...file, noise: 'jpeg', level: 50, noisy: 29.87, psnr: 29.9 },
    ]),
    entryWith(blind, [{ ...file, told: 'blind', noise: 'jpeg', level: 50, noisy: 29.87, psnr: 28 }]),
  ];
  const text = kindsReport(entries);
  expect(text).toContain('### Kodak24 (first 8 images)');
  expect(row(text, 'method')).toEqual(['poisson', 'jpeg']);
  expect(row(text, 'noisy')).toEqual(['21.50', '29.87']);
  expect(row(text, '**fast** 1.0.0')).toEqual(['30.16', '29.90']);
  expect(row(text, '**red30** 1.0.0, blind')).toEqual(['–', '28.00']);
  expect(text).toContain('poisson: Poisson, photons on white 60; jpeg: JPEG (4:2:0), quality 50.');
  expect(kindsReport([entryWith(card, [{}])])).toBe('');
});

test('real noise has what an estimate reaches beside what only hindsight can', () => {
  const photo = { set: 'SIDD12', noise: 'real', level: undefined, column: '8-bit', images: 12, noisy: 22.98 } as const;
  const entries = [
    entryWith(card, [
      { ...photo, told: 'auto', psnr: 31.74, sigma: 35 },
      { ...photo, told: 20, psnr: 28, sigma: 20 },
      { ...photo, told: 25, psnr: 29.69, sigma: 25 },
      { ...photo, told: 30, psnr: 29, sigma: 30 },
      { ...photo, told: 'best', psnr: 32.01, sigma: 33 },
    ]),
    entryWith(cardWith({ id: 'photo', sigma: { kind: 'blind' } }), [
      { ...photo, told: 'blind', psnr: 36, sigma: undefined },
    ]),
  ];
  const text = realReport(entries);
  expect(text).toContain('### SIDD12 (12 photographs)');
  expect(row(text, 'noisy')).toEqual(['22.98', '–']);
  expect(row(text, '**fast** 1.0.0')).toEqual(['31.74 / 0.9000', '35.0']);
  expect(row(text, '**photo** 1.0.0, blind')).toEqual(['36.00 / 0.9000', '–']);
  expect(row(text, '**fast** 1.0.0, best single sigma for all')).toEqual(['29.69 / 0.9000', '25']);
  expect(row(text, '**fast** 1.0.0, best sigma for each of 5, 10, … 55, or none')[0]).toBe('32.01 / 0.9000');
  expect(row(text, 'PRIDNet')).toEqual(['–', '39.42*', '–', '–']);
});

test('clean photographs are told to be left alone, or how much they changed', () => {
  const clean = { noise: 'none', level: undefined, column: '8-bit', told: 'auto' } as const;
  const text = cleanReport([
    entryWith(card, [
      { ...clean, untouched: 67, psnr: 55.123 },
      { ...clean, set: 'Kodak24', images: 24, untouched: 24, psnr: Number.POSITIVE_INFINITY },
    ]),
    entryWith(filterCard(), [{ ...clean, untouched: 68, psnr: 60 }]),
  ]);
  expect(row(text, '**fast** 1.0.0')).toEqual(['67 of 68', '55.12', '24 of 24', '∞']);
  expect(row(text, '**sieve** 1.0.0')).toEqual(['68 of 68', '60.00', '–', '–']);
});

test('autoencoders are reported by their cards, with the pictures that there are', () => {
  const metric = { set: 'MNIST test', noise: 'factor', protocol: 'clipped' } as const;
  const metrics = [
    { ...metric, factor: 0.5, psnr: 18.214, ssim: 0.81, crossEntropy: 0.0912 },
    { ...metric, factor: 0.3, psnr: 20 },
  ];
  const other = cardWith({ ...fixed, id: 'pca-mnist', metrics: [{ ...metric, factor: 0.5, psnr: 16 }] });
  const cards = [card, filterCard(), cardWith({ ...fixed, metrics }), other];
  const text = autoencodersReport(cards, new Set(['dense-mnist']));
  expect(text).toContain('### MNIST test\n\nCross-entropy / PSNR / SSIM by noise factor: clipped.');
  expect(text).toMatch(/\| model +\| 0\.3 +\| 0\.5 +\|\n/);
  expect(text).toMatch(/\| dense-mnist +\| – \/ 20\.00 \/ – +\| 0\.0912 \/ 18\.21 \/ 0\.8100 +\|/);
  expect(row(text, 'pca-mnist')).toEqual(['–', '– / 16.00 / –']);
  expect(row(text, '**dense-mnist** 1.0.0')).toEqual(['28 x 28, grey', '1,050,060', '39.3', expect.any(String)]);
  expect(text.match(/!\[.*\]\(.*\)/g)).toEqual([`![${fixed.title}](results/dense-mnist.png)`]);
  expect(autoencodersReport([card], new Set())).toBe('');
});

test('the zoo has what each weighs and takes', () => {
  const kilobytes = (precision: 'f16' | 'q8') =>
    String(Math.round(filesToRun(card, precision).reduce((sum, { bytes }) => sum + bytes, 0) / 1000));
  const speed = { millisecondsPerMegapixel: 2612, machine: '2 cores of a kind' };
  const experimental = cardWith({ ...blind, experimental: 'it was taught too little.' });
  const text = zooReport([
    { ...entryWith(card, []), speed },
    entryWith(filterCard(), []),
    entryWith(experimental, []),
    entryWith(fixed, []),
  ]);
  expect(row(text, '**fast** 1.0.0')).toEqual([
    'tier',
    'colour',
    'told, 0 to 55',
    '1.05 M',
    '3.3',
    kilobytes('f16'),
    kilobytes('q8'),
    '2612',
  ]);
  expect(row(text, '**sieve** 1.0.0')).toEqual(['filter', 'grey, colour', 'told, 0 to 75', '–', '–', '–', '–', '–']);
  expect(row(text, '**red30** 1.0.0').slice(1, 3)).toEqual(['grey', 'found by itself']);
  expect(text).toContain('red30 is experimental: it was taught too little.');
  expect(text).toContain('2 cores of a kind');
  expect(text).not.toContain('dense-mnist');
});

describe('plots', () => {
  test('of cost have ours beside those published ones whose cost is known', async () => {
    const points = costPoints([
      entryWith(card, [{ psnr: 31.2 }]),
      entryWith(cardWith({ id: 'photo', sigma: { kind: 'blind' } }), [{ told: 'blind' }]),
      entryWith(filterCard(), [{ precision: undefined }]),
    ]);
    expect(points.filter(({ ours }) => ours)).toMatchObject([{ name: 'fast', psnr: 31.2 }]);
    expect(points.map(({ name }) => name)).toEqual(['CDnCNN', 'IRCNN', 'FFDNet', 'DRUNet', 'Restormer', 'fast']);
    const svg = await costPlot(points);
    expect(svg).toMatch(/^<svg /);
    for (const { name } of points) expect(svg).toMatch(new RegExp(`opacity="1">${name}<`));
  });

  test('of noise have a line for each filter and tier that was measured more than once', async () => {
    const levels = [50, 15, 25].map((level) => ({ level, psnr: 40.6 - level / 4 }));
    const filtered = levels.map((cell) => ({ ...cell, precision: undefined, psnr: cell.psnr - 0.01 }));
    const lines = noiseLines([
      entryWith(filterCard(), filtered),
      entryWith(filterCard({ id: 'once' }), [{ precision: undefined }]),
      entryWith(card, levels),
      entryWith(cardWith({ id: 'pridnet', family: 'network' }), levels),
    ]);
    expect(lines.map(({ name, ours, points }) => [name, ours, points.map(({ sigma }) => sigma)])).toEqual([
      ['sieve', false, [15, 25, 50]],
      ['fast', true, [15, 25, 50]],
    ]);
    // lines that end in one place have their names below each other
    const svg = await noisePlot(lines);
    const place = (name: string) => Number(new RegExp(`translate\\(568,([\\d.]+)\\)"[^>]*>${name}<`).exec(svg)?.[1]);
    expect(place('sieve') - place('fast')).toBeGreaterThan(12);
    expect(place('sieve')).toBeLessThan(340 + 5); // a baseline lies below the middle
  });
});

describe('docs/results.md', () => {
  test('has sections that are replaced, and nothing of what people wrote is', () => {
    const once = withSection('# Results\n\nBy hand.\n', 'white', 'first');
    expect(once).toMatch(
      /^# Results\n\nBy hand\.\n\n## White Gaussian noise\n\n<!-- white: begin.*-->\n\n```sh\nnpm run evaluate -- .*\n```\n\nfirst\n\n<!-- white: end -->\n$/,
    );
    const both = withSections(`${once}\nMore by hand.\n`, { real: 'photographs' });
    expect(both).toContain('More by hand.\n\n## Photographs with real noise');
    expect(withSections(both, { white: 'second', clean: '' })).toBe(both.replace('first', 'second'));
  });

  test('is on a screen without what makes it again', () => {
    expect(asText({ clean: 'b', white: 'a', kinds: '' })).toBe(
      '## White Gaussian noise\n\na\n\n## Photographs without noise\n\nb',
    );
  });

  test('has padded tables', () => {
    expect(
      table([
        ['a', 'bcd'],
        ['efgh', ''],
      ]),
    ).toBe('| a    | bcd |\n| ---- | --- |\n| efgh |     |');
  });
});
