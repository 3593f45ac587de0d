import { serve } from '../../bridge.ts';
import { decodeFile } from '../../files/decode.ts';
import { toRgba } from '../../files/pixels.ts';

export type StoredMethods = { decode: { argument: Blob; result: ImageData; event: never } };

/** A result that was written to the disk, as pixels again: off the page's thread. */
serve<StoredMethods>({
  async decode(file, { transfer }) {
    const image = toRgba(await decodeFile(file));
    transfer(image.data.buffer);
    return image;
  },
});
