import { APP0, APP1, APP2, type Segment, startsWith } from './segments.ts';

/** The letters that metadata start with. */
export const JFIF = 'JFIF\0';
export const EXIF = 'Exif\0\0';
export const PROFILE = 'ICC_PROFILE\0';

const JFIF_BYTES = 14;

export const isJfif = (segment: Segment) =>
  segment.marker === APP0 && segment.data.length >= JFIF_BYTES && startsWith(segment, JFIF);
export const isExif = (segment: Segment) => segment.marker === APP1 && startsWith(segment, EXIF);
export const isProfile = (segment: Segment) => segment.marker === APP2 && startsWith(segment, PROFILE);
