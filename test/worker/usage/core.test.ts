import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { EdgeEvent, OutcomeEvent, PlanEvent } from '../../../worker/usage/event.ts';
import { type Access, Ledger } from '../../../worker/usage/ledger.ts';
import { buildReport } from '../../../worker/usage/report.ts';
import type { SiteSettings } from '../../../worker/usage/settings.ts';
import { nodeSql } from './sqlite.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Half a second before a month's turn. */
const lateNovember = Date.parse('2026-11-30T23:59:59.500Z');
const december = Date.parse('2026-12-01T00:00:00.000Z');

const UNLIMITED: SiteSettings = {
  ...{ name: 'a', origins: [], monthlyMegapixels: null, monthlyDenoises: null, requestsPerMinute: null },
};
const access: Access = { kind: 'secret', hash: 'a'.repeat(64), origin: null };
const key = { id: 'k1', kind: 'secret', hash: access.hash, shown: 'sk_…' } as const;

function newLedger(settings: Partial<SiteSettings> = {}, sql = nodeSql()): Ledger {
  const ledger = new Ledger(sql);
  ledger.create('s1', { ...UNLIMITED, ...settings }, [key], lateNovember);
  return ledger;
}

const planOf = (at: number, side = 1000, id: string = randomUUID()): PlanEvent => ({
  ...{ kind: 'plan', id, at, model: 'fast', version: '1.0.0', width: side, height: side },
  ...{ precision: 'q8', device: {}, tiles: 4, bytes: 100 },
});
const denoiseOf = (at: number, id: string = randomUUID()): EdgeEvent => ({
  ...{ kind: 'edge', id, at, model: 'fast', version: '1.0.0', width: 100, height: 100, tiles: 1, bytes: 0 },
});
const outcomeOf = (planId: string, at: number, plan?: PlanEvent): OutcomeEvent => ({
  ...{ kind: 'outcome', planId, at, backend: 'wasm', adapter: '', tiles: 4, milliseconds: 9, outcome: 'ok' },
  ...(plan && { plan }),
});

describe('quotas', () => {
  test('start anew with the month, at midnight UTC', () => {
    const ledger = newLedger({ monthlyMegapixels: 1 });
    expect(ledger.plan(access, planOf(lateNovember), lateNovember)).toMatchObject({ value: 'new' });
    expect(ledger.plan(access, planOf(lateNovember, 1), lateNovember)).toMatchObject({
      refused: { code: 'quota-exceeded', quota: 'monthlyMegapixels', limit: 1, resetsAt: december },
    });
    expect(ledger.plan(access, planOf(december), december)).toMatchObject({ value: 'new' });
    expect(ledger.plan(access, planOf(december, 1), december)).toMatchObject({ refused: { code: 'quota-exceeded' } });
    // an edge whose clock is a little behind counts on its own side of the turn
    expect(ledger.plan(access, planOf(lateNovember, 1), december)).toMatchObject({ refused: { resetsAt: december } });
    expect(ledger.state(december)?.month).toEqual({ megapixels: 1, denoises: 0 });
  });

  test('are known again after a restart', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ledger-'));
    const open = () => nodeSql(join(folder, 'ledger.sqlite'));
    newLedger({ monthlyMegapixels: 1 }, open()).plan(access, planOf(december), december);
    const reopened = new Ledger(open());
    expect(reopened.site).toMatchObject({ id: 's1' });
    expect(reopened.plan(access, planOf(december, 1), december)).toMatchObject({ refused: { limit: 1 } });
    rmSync(folder, { recursive: true });
  });

  test('hold a place for each denoise that runs, and free those that never end', () => {
    const ledger = newLedger({ monthlyDenoises: 1 });
    expect(ledger.admit(access, 'one', 65_536, december)).toMatchObject({ value: 'held' });
    // two tabs with one id are one denoise
    expect(ledger.admit(access, 'one', 65_536, december)).toMatchObject({ value: 'held' });
    expect(ledger.admit(access, 'two', 65_536, december)).toMatchObject({ refused: { quota: 'monthlyDenoises' } });
    expect(ledger.admit(access, 'two', 65_536, december + 3 * MINUTE)).toMatchObject({ value: 'held' });
    expect(ledger.recordEdge(denoiseOf(december, 'two'))).toBe('counted');
    expect(ledger.recordEdge(denoiseOf(december, 'two'))).toBe('again');
    expect(ledger.admit(access, 'two', 65_536, december)).toMatchObject({ value: 'admitted' });
    expect(ledger.admit(access, 'three', 65_536, december)).toMatchObject({ refused: { quota: 'monthlyDenoises' } });
  });

  test('do not refuse work that is done: what was made offline, and what was queued', () => {
    const ledger = newLedger({ monthlyMegapixels: 0, monthlyDenoises: 0 });
    const alone = planOf(december);
    expect(ledger.outcome(access, outcomeOf(alone.id, december, alone), december)).toMatchObject({ value: 'counted' });
    expect(ledger.plan(access, alone, december)).toMatchObject({ value: { model: 'fast', width: 1000 } });
    expect(ledger.replay(planOf(december))).toBe('counted');
    expect(ledger.replay(denoiseOf(december))).toBe('counted');
    expect(ledger.state(december)?.month).toEqual({ megapixels: 2.01, denoises: 1 });
  });
});

describe('rate', () => {
  test('a minute at once, then as they come', () => {
    const ledger = newLedger({ requestsPerMinute: 6 });
    const ask = (now: number) => ledger.authorise(access, now);
    for (let i = 0; i < 6; i++) expect(ask(december)).toMatchObject({ value: 'admitted' });
    expect(ask(december)).toMatchObject({ refused: { code: 'rate-limited', waitMs: 10_000 } });
    expect(ask(december + 9_999)).toMatchObject({ refused: { code: 'rate-limited' } });
    expect(ask(december + 10_000)).toMatchObject({ value: 'admitted' });
    // a clock that was set back gives nothing, and takes nothing for long
    expect(ask(december - DAY)).toMatchObject({ refused: { code: 'rate-limited' } });
    expect(ask(december - DAY + 10_000)).toMatchObject({ value: 'admitted' });
  });

  test('a lower limit counts at once', () => {
    const ledger = newLedger({ requestsPerMinute: 1000 });
    ledger.authorise(access, december);
    ledger.change({ requestsPerMinute: 1 });
    expect(ledger.authorise(access, december)).toMatchObject({ value: 'admitted' });
    expect(ledger.authorise(access, december)).toMatchObject({ refused: { waitMs: MINUTE } });
  });
});

describe('keys', () => {
  const ask = (ledger: Ledger, hash: string, now: number) => 'value' in ledger.authorise({ ...access, hash }, now);
  const next = (id: string) => ({ ...key, id, hash: id.repeat(64).slice(0, 64) });

  test('rotation never lengthens what ends sooner', () => {
    const ledger = newLedger();
    ledger.rotate(next('b'), DAY, december);
    ledger.rotate(next('c'), 3 * DAY, december);
    expect(ask(ledger, key.hash, december + DAY - 1)).toBe(true);
    expect(ask(ledger, key.hash, december + DAY)).toBe(false);
    expect(ask(ledger, 'b'.repeat(64), december + 3 * DAY - 1)).toBe(true);
    expect(ask(ledger, 'b'.repeat(64), december + 3 * DAY)).toBe(false);
    expect(ask(ledger, 'c'.repeat(64), december + 400 * DAY)).toBe(true);
  });

  test('a key of one kind is none of the other', () => {
    expect(
      newLedger({ origins: ['https://a.example'] }).authorise({ ...access, kind: 'page' }, december),
    ).toMatchObject({
      refused: { code: 'unauthorized' },
    });
  });
});

describe('before it is created', () => {
  test('a ledger lets nobody in and writes nothing', () => {
    const sql = nodeSql();
    const ledger = new Ledger(sql);
    expect(ledger.plan(access, planOf(december), december)).toMatchObject({ refused: { code: 'unauthorized' } });
    expect(ledger.replay(planOf(december))).toBe('gone');
    expect(ledger.recordEdge(denoiseOf(december))).toBe('gone');
    expect(ledger.state(december)).toBeUndefined();
    ledger.change({ name: 'b' });
    expect(ledger.rotate(key, 0, december)).toBe(false);
    expect(ledger.revoke('k1')).toBe(false);
    expect(sql.exec('SELECT * FROM sqlite_master')).toEqual([]);
  });
});

describe('upkeep', () => {
  test('a day that moves while it is copied is copied again', () => {
    const ledger = newLedger();
    ledger.plan(access, planOf(december), december);
    const seen = ledger.upkeep.changed(10);
    ledger.plan(access, planOf(december), december);
    ledger.upkeep.rolled(seen);
    const [day] = ledger.upkeep.changed(10).usage;
    expect(day).toMatchObject({ day: '2026-12-01', count: 2 });
    ledger.upkeep.rolled(ledger.upkeep.changed(10));
    expect(ledger.upkeep.changed(10)).toEqual({ usage: [], outcomes: [] });
  });

  test('a replay of a day that was copied changes it again', () => {
    const ledger = newLedger();
    ledger.plan(access, planOf(december), december);
    ledger.upkeep.rolled(ledger.upkeep.changed(10));
    ledger.replay(planOf(lateNovember));
    expect(ledger.upkeep.changed(10).usage).toMatchObject([{ day: '2026-11-30', count: 1 }]);
  });

  test('what is old goes in portions, what is not stays, and so do the totals', () => {
    const sql = nodeSql();
    const ledger = newLedger({}, sql);
    for (let i = 0; i < 2100; i++) ledger.replay(planOf(december));
    const young = planOf(december + DAY);
    ledger.replay(young);
    expect(ledger.upkeep.oldest()).toBe(december);
    expect(ledger.upkeep.prune(december + 1)).toBe(false);
    expect(ledger.upkeep.prune(december + 1)).toBe(true);
    expect(ledger.upkeep.oldest()).toBe(december + DAY);
    expect(sql.exec('SELECT id FROM events')).toEqual([{ id: young.id }]);
    expect(buildReport(sql, '2026-12-01', '2026-12-31', 'day').total.plans).toBe(2101);
  });
});
