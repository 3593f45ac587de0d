import type { NetworkCard } from '../../models/card.ts';
import type { TileEngine } from '../../models/engine.ts';
import { type Device, maxTilePixels } from '../../models/limits.ts';
import { uniformNoise } from '../../models/noise/random.ts';
import { tileImage } from '../../models/residual.ts';
import { runTiles } from '../../models/run-tiles.ts';
import type { Arm, Runner } from './arm.ts';
import { fromPlanes, toPlanes } from './planes.ts';

/** A whole photograph on one arm. */
export interface PhotoRow {
  readonly engine: string;
  readonly on: Arm['on'];
  readonly tiles: number;
  /** px of each of the equal windows, halos included. */
  readonly window: string;
  /** s, without opening the engine. */
  readonly seconds: number;
  /** s. */
  readonly open: number;
}

const SIGMA = 25;

/** As the library cuts it: each arm once, alone, because a photograph on a processor takes its minutes. */
export async function measurePhoto(
  arms: readonly Arm[],
  card: NetworkCard,
  megapixels: number,
  gpu: Device,
): Promise<PhotoRow[]> {
  const width = Math.round(Math.sqrt((megapixels * 1e6 * 4) / 3));
  const height = Math.round((megapixels * 1e6) / width);
  const data = Uint8Array.from(uniformNoise(width * height * 3, 1), (value) => value * 255);
  const noisy = tileImage({ data, width, height, channels: 3, depth: 8 });
  const rows: PhotoRow[] = [];
  for (const arm of arms.filter(({ network }) => !network)) {
    const source = {
      name: arm.name,
      maxTilePixels: maxTilePixels(card, arm.on === 'gpu' ? gpu : { backend: 'wasm' }),
      open: async () => asEngine(arm.name, await arm.open(), card),
    };
    const started = performance.now();
    const sigma = card.sigma.kind === 'map' ? SIGMA : undefined;
    const { plan, open } = await runTiles(noisy, sigma, card, [source], { now: () => performance.now() });
    const seconds = (performance.now() - started - open) / 1000;
    const window = `${plan.tile.width} x ${plan.tile.height}`;
    rows.push({ engine: arm.name, on: arm.on, tiles: plan.tiles.length, window, seconds, open: open / 1000 });
  }
  return rows;
}

function asEngine(name: string, runner: Runner, { channels, sigma }: NetworkCard): TileEngine {
  const inputs = channels.input + (sigma.kind === 'map' ? 1 : 0);
  return {
    name,
    inFlight: runner.inFlight ?? 1,
    run: async (input, height, width) =>
      runner.layout === 'NCHW'
        ? fromPlanes(await runner.run(toPlanes(input, inputs), height, width), channels.output)
        : runner.run(input, height, width),
    dispose: () => runner.dispose(),
  };
}
