import type { NetworkCard, Precision } from '../models/card.ts';
import { denoiseSamples } from '../models/denoise.ts';
import type { ModelFiles } from '../models/engine.ts';
import { checkMix, FULL_MIX } from '../models/mix.ts';
import type { TilePlan } from '../models/tiles.ts';
import type { Context } from './bridge.ts';
import { nameOf } from './cards.ts';
import type { EngineName, Stage } from './contract.ts';
import type { PlanReply } from './edge/plans.ts';
import type { UsageReport } from './edge/usage.ts';
import { engineOrder, enginesFor, runsOnGpu } from './engine/choose.ts';
import { findGpu } from './engine/gpu.ts';
import { hasWasmSimd } from './engine/simd.ts';
import { deviceOf } from './engines.ts';
import { explainEngines } from './explain.ts';
import { readBitmap } from './files/decode.ts';
import { mixRgba } from './files/mix-rgba.ts';
import { type Picture, plainPicture } from './files/picture.ts';
import { compact } from './files/pixels.ts';
import { fetchModel, type PublishedModel } from './model.ts';
import { pause } from './pause.ts';
import { planPicture } from './planning.ts';
import { pixelsToCompute } from './preflight.ts';
import type { DenoiseEvent, DenoiseRequest, Finished, Notice, Source } from './protocol.ts';
import { Result } from './result.ts';
import type { Session } from './session.ts';

/** From a picture to its result: decode, plan, and then the pipeline of models/denoise.ts on the engines of here. */
export async function denoiseSource(
  session: Session,
  { source, sigma, mix, tiles }: DenoiseRequest,
  { signal, emit, notify, transfer }: Context<DenoiseEvent, Notice>,
): Promise<Omit<Finished, 'run'> & { result: Result }> {
  const { engines, settings } = session;
  const progress = (stage: Stage, done: number, total: number) => emit({ progress: { stage, done, total } });
  const watch = new Stopwatch();
  checkMix({ ...FULL_MIX, ...mix });

  progress('decode', 0, 1);
  const picture = await pictureOf(source);
  const { image, colorSpace } = picture;
  const { width, height, channels } = image;
  emit({ progress: { stage: 'decode', done: 1, total: 1, width, height } });
  watch.lap('decode');

  const gpu = await findGpu();
  const surroundings = { gpu: gpu?.kind ?? 'none', wasm: hasWasmSimd(), pixels: width * height } as const;
  const order = engineOrder(settings.engine, surroundings);
  progress('plan', 0, 1);
  const device = deviceOf(order[0] as EngineName, gpu);
  const { model: name, precision: asked } = settings;
  const request = { model: name, width, height, channels, ...(asked && { precision: asked }), device };
  const { reply, model } = await planPicture(session, { planId: crypto.randomUUID(), ...request }, order, signal);
  const { precision } = reply;
  const downloadBytes = order[0] === 'edge' ? 0 : reply.model.files.reduce((sum, { bytes }) => sum + bytes, 0);
  emit({ progress: { stage: 'plan', done: 1, total: 1, tiles: reply.tiles.length, downloadBytes } });
  watch.lap('plan');

  const { card } = model;
  // on their way while sigma is estimated
  const loading =
    card.family === 'filter' || order[0] === 'edge'
      ? undefined
      : loadFiles(session, model.remote, card, precision, signal, progress);
  loading?.catch(() => 'thrown below, where somebody waits for it');
  const files = (card: NetworkCard) => loading ?? loadFiles(session, model.remote, card, precision, signal, progress);
  const names = enginesFor(card, order);
  engines.forgetFailures(card);
  const explain = (engine: Finished['engine'] | undefined) => {
    const { failures } = session.engines;
    const variant = engine && session.engines.variant(engine);
    const verdicts = explainEngines(settings.engine, surroundings, { card, failures, engine, variant });
    session.explanation = { engine, engines: verdicts };
  };
  const sources = names.map((name) => engines.source(name, gpu, { model, signal, files }));

  const [first = 'none'] = names;
  const report = {
    ...{ planId: reply.planId, backend: first as UsageReport['backend'], adapter: '', tiles: 0 },
    // the ledger has not seen it yet: whichever comes first brings it
    ...(reply.queued && { plan: { model: nameOf(card), width, height, precision, device } }),
  };
  const finish = (outcome: 'ok' | 'failed' | 'aborted') =>
    notify({ usage: { ...report, milliseconds: Math.round(watch.total()), outcome } });
  progress('estimate', 0, 1);
  try {
    const denoised = await denoiseSamples(image, model.card, sources, {
      sigma,
      signal,
      plan: planOf(reply),
      now: () => performance.now(),
      onEstimate: (sigma) => {
        emit({ progress: { stage: 'estimate', done: 1, total: 1, ...(sigma !== undefined && { sigma }) } });
        progress('engine', 0, 1);
      },
      onPlan: (plan, engine) => {
        Object.assign(report, { backend: engine, adapter: runsOnGpu(engine) ? (gpu?.name ?? '') : '' });
        progress('engine', 1, 1);
        progress('tiles', 0, plan.tiles.length);
      },
      onTile: async ({ tile, residual, done, total }) => {
        report.tiles = done;
        if (tiles) {
          const arrived = mixRgba(image, residual, { ...FULL_MIX, ...mix }, { colorSpace, part: tile });
          emit({ tile: { tile, image: arrived, done, total } }, [arrived.data.buffer]);
        }
        progress('tiles', done, total);
        await pause();
      },
    });
    report.backend = denoised.engine as Finished['engine'];
    finish('ok');
    explain(denoised.engine as Finished['engine']);
    const result = new Result(picture, denoised.residual, source.kind === 'raster', mix);
    const pixels = result.mix();
    transfer(pixels.data.buffer);
    const { estimate, open, tiles: inTiles } = denoised.timings;
    return {
      result,
      model: nameOf(card),
      image: pixels,
      sigma: denoised.sigma,
      plan: denoised.plan && { ...denoised.plan, planId: reply.planId },
      computedPixels: denoised.plan ? pixelsToCompute(card, denoised.plan, channels) : 0,
      engine: denoised.engine as Finished['engine'],
      timings: { ...watch.laps, estimate, open, tiles: inTiles, total: watch.total() },
    };
  } catch (failure) {
    finish(signal.aborted ? 'aborted' : 'failed');
    if (!signal.aborted) explain(undefined);
    signal.throwIfAborted();
    // Files that are wrong or don't come fail every engine: they are the cause to name.
    await loading;
    throw failure;
  }
}

async function pictureOf(source: Source): Promise<Picture> {
  if (source.kind === 'file') return (await import('./files/open.ts')).openFile(source.file);
  if (source.kind === 'bitmap') return plainPicture(readBitmap(source.bitmap));
  if (source.kind === 'raster') return plainPicture(source.raster);
  const { data, width, height, colorSpace } = source.image;
  return plainPicture(compact(data, width, height), colorSpace);
}

async function loadFiles(
  session: Session,
  remote: PublishedModel['remote'],
  card: NetworkCard,
  precision: Precision,
  signal: AbortSignal,
  progress: (stage: Stage, done: number, total: number) => void,
): Promise<ModelFiles> {
  const name = `${nameOf(card)} ${precision}`;
  const kept = session.files.get(name);
  if (kept) return kept;
  const files = await fetchModel(card, remote, precision, signal, (done, total) => progress('weights', done, total));
  session.files.set(name, files);
  return files;
}

const planOf = ({ width, height, tile, halo, multiple, tiles }: PlanReply): TilePlan => ({
  ...{ width, height, tile, halo, multiple, tiles },
});

/** ms since the start, and since the last lap. */
class Stopwatch {
  readonly laps = { decode: 0, plan: 0 };
  readonly #started = performance.now();
  #last = this.#started;

  lap(name: keyof Stopwatch['laps']): void {
    const now = performance.now();
    this.laps[name] = now - this.#last;
    this.#last = now;
  }

  total(): number {
    return performance.now() - this.#started;
  }
}
