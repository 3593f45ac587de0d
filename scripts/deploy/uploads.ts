import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ModelCard } from '../../models/card.ts';
import { assetPath, fileType, nameOf } from '../../worker/published.ts';

export interface Upload {
  /** Of the object: the path of its address, without the slash. */
  readonly key: string;
  /** Of the file. */
  readonly path: string;
  readonly type: string;
}

/**
 * The files of these models (`fast`, `fast@1.2.0`; all, where none is named), each as its card says. `folder` holds a
 * folder per model and version.
 *
 * @throws Error where a model is not published, or a file is not what its card says.
 */
export async function checkedUploads(
  cards: readonly ModelCard[],
  models: readonly string[],
  folder: string,
): Promise<Upload[]> {
  for (const model of models) {
    if (!cards.some((card) => isNamed(card, [model]))) throw new Error(`Expected a published model but got ${model}`);
  }
  const uploads: Upload[] = [];
  for (const card of cards.filter((card) => models.length === 0 || isNamed(card, models))) {
    for (const file of card.family === 'filter' ? [] : card.files) {
      const key = assetPath(card, file).slice(1);
      const path = `${folder}${card.id}/${card.version}/${file.name}`;
      const sha256 = createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
      if (sha256 !== file.sha256) {
        throw new Error(`Expected ${path} to have the SHA-256 of its card but it has ${sha256}. Publish it anew.`);
      }
      uploads.push({ key, path, type: fileType(file.name) });
    }
  }
  return uploads;
}

const isNamed = (card: ModelCard, models: readonly string[]) =>
  models.includes(card.id) || models.includes(nameOf(card));
