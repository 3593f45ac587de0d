import { remember } from '../history/history.ts';
import { readFile } from '../store/files.ts';
import { type Item, isTooLarge } from './item.ts';
import type { Queue } from './queue.ts';

/** Pixels: a frame of the strip is half of it high, on screens of two pixels a point. */
const HEIGHT = 144;

/** For an <img>. Entries of earlier versions have a Blob already, which makes no difference here. */
export const addressOf = (thumbnail: ArrayBuffer): string =>
  URL.createObjectURL(new Blob([thumbnail], { type: 'image/jpeg' }));

/** Draws what has no thumbnail yet, one photo at a time: decoding a large one takes four bytes a pixel. */
export function drawThumbnails(queue: Queue): void {
  const tried = new Set<string>();
  let drawing = false;
  const next = async () => {
    if (drawing) return;
    drawing = true;
    for (let item = missing(); item; item = missing()) {
      tried.add(item.id);
      const thumbnail = await draw(item).catch(() => undefined);
      const drawn = thumbnail && (await queue.update(item.id, () => ({ thumbnail })));
      // it was quicker than this
      if (drawn?.outcome) await remember(drawn);
    }
    drawing = false;
  };
  const missing = () => queue.items.find(({ id, thumbnail }) => !thumbnail && !tried.has(id));
  const begin = () => {
    next().catch((reason) => console.debug('degrain: thumbnails', reason));
  };
  queue.addEventListener('change', begin);
  begin();
}

/** Undefined for what the browser cannot decode: the run says so. */
async function draw(item: Item): Promise<ArrayBuffer | undefined> {
  if (isTooLarge(item)) return undefined;
  const { id, type } = item;
  const file = await readFile('photos', id);
  if (!file) return undefined;
  const bitmap = await createImageBitmap(new Blob([file], { type }), {
    resizeHeight: HEIGHT,
    resizeQuality: 'medium',
  });
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  bitmap.close();
  const drawn = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.8 });
  return drawn.arrayBuffer();
}
