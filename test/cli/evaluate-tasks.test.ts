import { describe, expect, test } from 'vitest';
import type { Data } from '../../cli/evaluation/data.ts';
import { GRID, shownLevel, type Task, tasksOf, type Wanted } from '../../cli/evaluation/tasks.ts';
import { NOISE_KINDS, type NoiseKind } from '../../models/noise/kinds.ts';
import { cardWith, filterCard } from '../models/pictures.ts';

const data: Pick<Data, 'sets' | 'realSets' | 'roles'> = {
  sets: ['CBSD68', 'Kodak24', 'Set12', 'BSD68', 'holiday'],
  realSets: ['SIDD12'],
  roles: {
    white: { colour: ['CBSD68', 'Kodak24', 'Set12'], grey: ['Set12', 'BSD68'], filter: ['CBSD68', 'Set12'] },
    kinds: 'Kodak24',
    clean: ['CBSD68', 'Kodak24'],
  },
};
const wanted: Wanted = {
  sets: undefined,
  parts: undefined,
  sigmas: [15, 60],
  columns: ['float'],
  precisions: ['f16'],
  auto: false,
};

const colour = cardWith({ id: 'colour' });
const blind = cardWith({ id: 'blind', sigma: { kind: 'blind' } });
const grey = cardWith({ id: 'grey', channels: { input: 1, output: 1 }, sigma: { kind: 'blind' } });

const of = (tasks: readonly Task[], noise: string) => tasks.filter((task) => task.noise === noise);
const sets = (tasks: readonly Task[]) => [...new Set(tasks.map(({ set }) => set))];
const tolds = (tasks: readonly Task[]) => [...new Set(tasks.map(({ told }) => told))];

describe('what a model is measured on', () => {
  test('is what it is made for', () => {
    expect(sets(of(tasksOf(colour, data, wanted), 'white'))).toEqual(['CBSD68', 'Kodak24', 'Set12']);
    expect(sets(of(tasksOf(filterCard(), data, wanted), 'white'))).toEqual(['CBSD68', 'Set12']);
    expect(sets(tasksOf(grey, data, wanted))).toEqual(['Set12', 'BSD68']);
  });

  test('is only what lies there', () => {
    expect(sets(tasksOf(grey, { ...data, sets: ['Set12'] }, wanted))).toEqual(['Set12']);
  });

  test('is whatever is asked for: grey networks run on colours, too', () => {
    expect(sets(tasksOf(grey, data, { ...wanted, sets: ['holiday'] }))).toEqual(['holiday']);
    const tasks = tasksOf(grey, data, { ...wanted, sets: ['Kodak24', 'SIDD12'] });
    expect(of(tasks, 'white').map(({ set }) => set)).toEqual(['Kodak24', 'Kodak24']);
    expect(of(tasks, 'poisson').length).toBe(1);
    expect(of(tasks, 'real').map(({ set }) => set)).toEqual(['SIDD12']);
  });

  test('is nothing for models of one size', () => {
    expect(tasksOf(cardWith({ size: { width: 28, height: 28 } }), data, wanted)).toEqual([]);
  });

  test('is every kind of noise once, real photographs, and clean ones', () => {
    const tasks = tasksOf(colour, data, wanted);
    for (const { name } of NOISE_KINDS) {
      expect(of(tasks, name)).toMatchObject([{ set: 'Kodak24', column: '8-bit', told: 'auto' }]);
    }
    expect(of(tasks, 'real')).toMatchObject([{ set: 'SIDD12', column: '8-bit', told: 'auto' }]);
    expect(sets(of(tasks, 'none'))).toEqual(['CBSD68', 'Kodak24']);
    expect(of(tasksOf(colour, data, { ...wanted, parts: ['none'] }), 'none').length).toBe(2);
    expect(tasksOf(colour, data, { ...wanted, parts: ['none'] }).length).toBe(2);
  });
});

test('a kind of noise is shown at its middle level, or the weaker of two', () => {
  const [kind] = NOISE_KINDS as [NoiseKind];
  expect(shownLevel({ ...kind, levels: [1, 2, 3] })).toBe(2);
  expect(shownLevel({ ...kind, levels: [1, 2, 3, 4] })).toBe(2);
});

describe('what a model is told', () => {
  test('is sigma, as far as it takes that', () => {
    const white = of(tasksOf(colour, data, { ...wanted, sets: ['Set12'] }), 'white');
    expect(white.map(({ level, told }) => [level, told])).toEqual([[15, 'known']]);
  });

  test('is an estimate as well, if that is asked for', () => {
    const white = of(tasksOf(colour, data, { ...wanted, sets: ['Set12'], auto: true }), 'white');
    expect(tolds(white)).toEqual(['known', 'auto']);
  });

  test('is nothing if it is blind, and then any sigma will do', () => {
    const tasks = tasksOf(blind, data, { ...wanted, auto: true });
    expect(tolds(tasks)).toEqual(['blind']);
    expect(of(tasks, 'white').map(({ level }) => level)).toContain(60);
  });

  test('is each sigma in turn on real photographs, for the model that estimates are compared with', () => {
    const tasks = of(tasksOf(cardWith({ id: 'fast' }), data, wanted), 'real');
    expect(tolds(tasks)).toEqual(['auto', 'best', ...GRID]);
  });
});

describe('the form of the weights', () => {
  const both = { ...wanted, precisions: ['f16', 'q8'] } as const;

  test('is the first, and for what the other costs white noise', () => {
    const tasks = tasksOf(colour, data, both);
    expect([...new Set(tasks.filter(({ noise }) => noise !== 'white').map(({ precision }) => precision))]).toEqual([
      'f16',
    ]);
    const white = of(tasks, 'white');
    expect(white.filter(({ precision }) => precision === 'q8').length).toBe(white.length / 2);
  });

  test('is the one that is published, once', () => {
    const files = colour.files.filter(({ role }) => role !== 'weights-f16');
    const tasks = tasksOf(cardWith({ id: 'small', files }), data, both);
    expect([...new Set(tasks.map(({ precision }) => precision))]).toEqual(['q8']);
    expect(of(tasks, 'white').length).toBe(3);
  });

  test('is none of filters', () => {
    const tasks = tasksOf(filterCard(), data, both);
    expect([...new Set(tasks.map(({ precision }) => precision))]).toEqual([undefined]);
    expect(of(tasks, 'white').length).toBe(4);
  });
});
