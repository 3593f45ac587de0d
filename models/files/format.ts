/** By its first bytes, whatever its name and type say. */
export type FileFormat = 'png' | 'jpeg' | 'webp' | 'other';

export function formatOf(file: Uint8Array): FileFormat {
  const start = String.fromCharCode(...file.subarray(0, 12));
  if (start.startsWith('\x89PNG')) return 'png';
  if (start.startsWith('\xff\xd8\xff')) return 'jpeg';
  return start.startsWith('RIFF') && start.endsWith('WEBP') ? 'webp' : 'other';
}
