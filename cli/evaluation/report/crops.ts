import type { Captions } from '../crops/draw.ts';

/** Markdown: pictures in docs/results/crops, each with what it shows. */
export function cropsReport(captions: Captions): string {
  return Object.entries(captions)
    .map(([file, caption]) => `![${caption.split('. ')[0]}](results/crops/${file})\n\n${caption}`)
    .join('\n\n');
}
