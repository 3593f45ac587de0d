import type { Item } from '../queue/item.ts';
import { extensionOf } from '../queue/types.ts';

/** The photo's name, marked; its kind may have changed. */
export function nameToSave({ name, outcome }: Pick<Item, 'name' | 'outcome'>): string {
  return `${name.replace(/\.[^.]*$/, '')}-degrained.${extensionOf(outcome?.type ?? '')}`;
}

/** Each once: the second `a.png` is `a (2).png`. */
export function unlikeEachOther(names: readonly string[]): string[] {
  const used = new Set<string>();
  return names.map((name) => {
    const [, stem = name, ending = ''] = /^(.*?)(\.[^.]*)?$/.exec(name) ?? [];
    let free = name;
    for (let i = 2; used.has(free.toLowerCase()); i++) free = `${stem} (${i})${ending}`;
    used.add(free.toLowerCase());
    return free;
  });
}
