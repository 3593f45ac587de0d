import { failure } from './failure.ts';

/** Where an element's picture comes from; the first that there is. */
export interface Origin {
  readonly file: Blob | null;
  readonly src: string;
  /** What shows the picture: a child of the page's, or the element's own. */
  readonly image: HTMLImageElement;
}

/** The picture for the denoiser: as a file where that can be had, which keeps what a browser does not show. */
export async function readPicture({ file, src, image }: Origin, signal: AbortSignal): Promise<Blob | HTMLImageElement> {
  if (file) return file;
  const address = src || image.currentSrc || image.src;
  if (!address) {
    const remedy = 'Give it a `src`, a `file`, or an <img> as its child.';
    throw failure('bad-request', { expected: 'a picture', received: 'an element without one', remedy });
  }
  // Once more past the cache: what an <img> fetched without CORS is no answer to a request with it.
  for (const cache of ['default', 'reload'] as const) {
    const response = await fetch(address, { cache, signal }).catch(() => undefined);
    signal.throwIfAborted();
    if (response?.ok) return response.blob();
    if (response) throw notThere(address, `status ${response.status}`);
  }
  // A policy may let the <img> load what it forbids to scripts; the library says so if that one cannot be read either.
  try {
    await image.decode();
  } catch (reason) {
    throw notThere(address, String(reason).replace(/\.$/, ''));
  }
  return image;
}

function notThere(address: string, received: string) {
  const remedy = 'Check the address, and that its server allows this page to read it (CORS).';
  return failure('invalid-image', { expected: `a picture at ${address}`, received, remedy });
}
