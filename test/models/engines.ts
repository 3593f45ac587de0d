import type { EngineSource, PictureWork, TakenPicture, TileEngine } from '../../models/engine.ts';
import { cutWindow, writeResidual } from '../../models/windows.ts';

/** What was asked of a fake engine. */
export interface Call {
  readonly width: number;
  readonly height: number;
  readonly input: Float32Array;
}

export interface FakeEngine extends EngineSource {
  readonly calls: Call[];
  opened: number;
  /** The most calls that were under way at a time. */
  together: number;
  underWay: number;
  /** Pictures that it took, and those that it still holds. */
  taken: number;
  held: number;
}

interface Options {
  readonly name?: string;
  readonly maxTilePixels?: number;
  readonly inFlight?: number;
  /** Whether it takes whole pictures; what this throws, it fails with. */
  readonly takes?: (work: PictureWork) => boolean;
}

/** An engine that answers with a function of its input; `network` may throw. With `inFlight` its answers take a while. */
export function fakeEngine(
  network: (call: Call, number: number) => Float32Array,
  { name = 'fake', maxTilePixels = 64 * 64, inFlight = 1, takes }: Options = {},
): FakeEngine {
  const calls: Call[] = [];
  const engine: TileEngine = {
    name,
    inFlight,
    async run(input, height, width) {
      const call = { input, height, width };
      const number = calls.push(call);
      source.together = Math.max(source.together, ++source.underWay);
      try {
        // the later ones are back first
        if (inFlight > 1) await new Promise((resolve) => setTimeout(resolve, 3 * (inFlight - (number % inFlight))));
        return network(call, number);
      } finally {
        source.underWay--;
      }
    },
    ...(takes && {
      async takePicture(work) {
        if (!takes(work)) return undefined;
        source.taken++;
        source.held++;
        return pictureOn(engine, work, () => source.held--);
      },
    }),
    dispose() {},
  };
  const source: FakeEngine = {
    name,
    maxTilePixels,
    calls,
    opened: 0,
    together: 0,
    underWay: 0,
    taken: 0,
    held: 0,
    async open() {
      source.opened++;
      return engine;
    },
  };
  return source;
}

function pictureOn(engine: TileEngine, work: PictureWork, release: () => void): TakenPicture {
  const { noisy, plan, channels, sigma } = work;
  return {
    async run(part, residual) {
      const input = cutWindow(noisy, plan, part, channels, sigma);
      const output = await engine.run(input, plan.tile.height, plan.tile.width);
      return output.every(Number.isFinite) && writeResidual(output, plan, part, channels, noisy, residual);
    },
    release,
  };
}

/**
 * A genuine local operator: the mean over a square of known radius, cut off at the window's border. [1,H,W,4] to
 * [1,H,W,3]. Sums run in one order, so equal neighbourhoods give equal bits.
 */
export const boxBlur =
  (radius: number) =>
  ({ input, height, width }: Call): Float32Array => {
    const output = new Float32Array(height * width * 3);
    for (let y = 0, to = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let c = 0; c < 3; c++) {
          let sum = 0;
          let count = 0;
          for (let v = Math.max(0, y - radius); v <= Math.min(height - 1, y + radius); v++) {
            for (let u = Math.max(0, x - radius); u <= Math.min(width - 1, x + radius); u++) {
              sum += input[(v * width + u) * 4 + c] as number;
              count++;
            }
          }
          output[to++] = sum / count;
        }
      }
    }
    return output;
  };

/** A network that finds nothing. */
export const identity = ({ input, height, width }: Call): Float32Array =>
  Float32Array.from({ length: height * width * 3 }, (_, i) => input[Math.floor(i / 3) * 4 + (i % 3)] as number);
