import type { Page } from 'playwright-core';
import type { EngineName, Timings } from '../../client/index.ts';
import { MARK } from './stages.ts';

export interface Ran {
  readonly width: number;
  readonly height: number;
  readonly engine: string;
  readonly tiles: number;
  readonly timings: Timings;
  readonly savedBytes: number;
}

/** In the page: the way of a photo in the app, with a mark at each end of each stage. */
export function runInPage(page: Page, path: string, model: string, engine: string): Promise<Ran> {
  return page.evaluate(
    async ({ model, engine, mark, path }) => {
      const begin = (name: string) => performance.mark(mark + name);
      const end = (name: string) => performance.mark(`${mark}/${name}`);
      const file = await (await fetch(path)).blob();
      const canvas = document.body.appendChild(document.createElement('canvas'));
      begin('worker');
      const denoiser = await window.degrain.createDenoiser({ key: 'pk_local', model, engine: engine as EngineName });
      end('worker');
      let started: string | undefined;
      const result = await denoiser.denoise(file, {
        onProgress({ stage, done, total, width = 0, height = 0 }) {
          if (width) Object.assign(canvas, { width, height });
          if (stage === 'tiles') {
            if (done === 0) begin('first tile');
            if (done === 1) {
              end('first tile');
              begin('tiles');
            }
            if (done === total) {
              end('tiles');
              begin('mix');
            }
          } else if (done === total) end(stage);
          else if (started !== stage) begin(stage);
          started = stage;
        },
        onTile: ({ tile, image }) => canvas.getContext('2d')?.putImageData(image, tile.x, tile.y),
      });
      end('mix');
      begin('slider');
      await result.mix({ strength: 0.9 });
      end('slider');
      begin('save');
      const saved = await result.blob('image/jpeg', 0.92);
      end('save');
      const { width, height, plan, timings } = result;
      return { width, height, engine: result.engine, tiles: plan?.tiles.length ?? 0, timings, savedBytes: saved.size };
    },
    { model, engine, mark: MARK, path },
  );
}
