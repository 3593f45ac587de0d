/** What a file says of itself, whatever its name says. */
export interface Inspected {
  /** By its first bytes; what the system says where they are unknown. */
  readonly type: string;
  /** What is lost or changed on the way, in words. */
  readonly notes: readonly string[];
  /** px as coded, before it is turned; of PNG, JPEG and GIF. */
  readonly size?: { readonly width: number; readonly height: number };
}

/** Bytes that are enough for the headers of a JPEG with a preview in its EXIF. */
const HEAD = 2 ** 20;

const text = (bytes: Uint8Array, from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));

const SIGNATURES: [type: string, fits: (head: Uint8Array) => boolean][] = [
  ['image/png', (head) => text(head, 1, 4) === 'PNG'],
  ['image/jpeg', (head) => head[0] === 0xff && head[1] === 0xd8],
  ['image/gif', (head) => text(head, 0, 4) === 'GIF8'],
  ['image/webp', (head) => text(head, 0, 4) === 'RIFF' && text(head, 8, 12) === 'WEBP'],
  ['image/avif', (head) => /^ftypavi[fs]$/.test(text(head, 4, 12))],
  ['image/heic', (head) => /^ftyp(heic|heix|hevc|mif1)$/.test(text(head, 4, 12))],
  ['image/bmp', (head) => text(head, 0, 2) === 'BM'],
  ['image/tiff', (head) => /^(II\*\0|MM\0\*)$/.test(text(head, 0, 4))],
];

export async function inspect(file: Blob): Promise<Inspected> {
  const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  const known = SIGNATURES.find(([, fits]) => fits(head))?.[0];
  const type = known ?? file.type;
  const notes: string[] = [];
  if (known && file.type && known !== file.type) {
    notes.push(`Its name says ${nameOf(file.type)}, but it is ${nameOf(known)}.`);
  }
  const jpeg = type === 'image/jpeg' ? frameOfJpeg(head) : undefined;
  if (jpeg?.components === 4) notes.push('CMYK: it comes back in sRGB, as screens show it.');
  if (await isAnimated(file, type)) notes.push('Animated: its first picture is what comes back.');
  const size = jpeg?.size ?? sizeOf(head, type);
  return { type, notes, ...(size && { size }) };
}

function sizeOf({ buffer }: Uint8Array<ArrayBuffer>, type: string): Inspected['size'] | undefined {
  const view = new DataView(buffer);
  if (type === 'image/png' && view.byteLength >= 24) return { width: view.getUint32(16), height: view.getUint32(20) };
  if (type === 'image/gif' && view.byteLength >= 10) {
    return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  }
  return undefined;
}

const nameOf = (type: string) => type.replace(/^image\//, '').toUpperCase();

/** A JPEG's frame header (SOF0 to SOF15 without DHT, JPG and DAC); undefined where there is none. */
function frameOfJpeg(head: Uint8Array<ArrayBuffer>): { components: number; size: Inspected['size'] } | undefined {
  const view = new DataView(head.buffer);
  for (let at = 2; at + 9 < view.byteLength && view.getUint8(at) === 0xff; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint8(at + 1);
    if (marker < 0xc0 || marker > 0xcf || [0xc4, 0xc8, 0xcc].includes(marker)) continue;
    const size = { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    return { components: view.getUint8(at + 9), size };
  }
  return undefined;
}

/** WebCodecs' decoder, which not every browser has, nor TypeScript's library. */
interface Decoder {
  readonly tracks: { readonly ready: Promise<void>; readonly selectedTrack: { readonly frameCount: number } | null };
  readonly completed: Promise<void>;
  close(): void;
}
type DecoderClass = new (init: { data: ReadableStream; type: string }) => Decoder;

async function isAnimated(file: Blob, type: string): Promise<boolean> {
  const { ImageDecoder } = globalThis as { ImageDecoder?: DecoderClass };
  if (!ImageDecoder || !['image/gif', 'image/webp', 'image/png', 'image/avif'].includes(type)) return false;
  const decoder = new ImageDecoder({ data: file.stream(), type });
  try {
    await Promise.all([decoder.tracks.ready, decoder.completed]);
    return (decoder.tracks.selectedTrack?.frameCount ?? 1) > 1;
  } catch {
    // damaged: the run says so
    return false;
  } finally {
    decoder.close();
  }
}
