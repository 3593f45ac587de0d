import type { Item } from '../queue/item.ts';
import type { Queue } from '../queue/queue.ts';
import { readFile } from '../store/files.ts';
import { nameToSave, unlikeEachOther } from './names.ts';

/** Not in every browser, nor in TypeScript's library. */
type PickDirectory = (options: { mode: 'readwrite'; id: string }) => Promise<FileSystemDirectoryHandle>;

/** Offers the result as a download. */
export async function saveOne(queue: Queue, item: Item): Promise<void> {
  const file = await readFile('results', item.id);
  if (!file) return;
  // its bytes: a file that is written anew while the browser saves it is one that it cannot save
  const bytes = await file.arrayBuffer();
  download(new File([bytes], nameToSave(item), { type: item.outcome?.type ?? file.type }));
  await queue.update(item.id, () => ({ saved: true }));
}

/** Into a folder where the browser can, else as one archive. False where the visitor thought better of it. */
export async function saveAll(queue: Queue, items: readonly Item[]): Promise<boolean> {
  const names = unlikeEachOther(items.map(nameToSave));
  const { showDirectoryPicker } = window as { showDirectoryPicker?: PickDirectory };
  try {
    if (showDirectoryPicker) {
      await saveInto(await showDirectoryPicker({ mode: 'readwrite', id: 'degrain' }), items, names);
    } else {
      download(new File([await archiveOf(items, names)], 'degrained.zip', { type: 'application/zip' }));
    }
  } catch (failure) {
    if (failure instanceof DOMException && failure.name === 'AbortError') return false;
    throw failure;
  }
  for (const { id } of items) await queue.update(id, () => ({ saved: true }));
  return true;
}

/** What is in the folder already stays: a name that is taken gets a number. */
async function saveInto(folder: FileSystemDirectoryHandle, items: readonly Item[], names: string[]): Promise<void> {
  const there: string[] = [];
  for await (const name of folder.keys()) there.push(name);
  const free = unlikeEachOther([...there, ...names]).slice(there.length);
  for (const [i, { id }] of items.entries()) {
    const file = await readFile('results', id);
    if (!file) continue;
    const handle = await folder.getFileHandle(free[i] as string, { create: true });
    await file.stream().pipeTo(await handle.createWritable());
  }
}

/** Photos are compressed already: they are stored, one after the other, from the disk. */
async function archiveOf(items: readonly Item[], names: string[]): Promise<Blob> {
  const { downloadZip } = await import('client-zip');
  const files = async function* () {
    for (const [i, { id }] of items.entries()) {
      const input = await readFile('results', id);
      if (input) yield { name: names[i] as string, input };
    }
  };
  return downloadZip(files()).blob();
}

function download(file: File): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  // the click only starts the download
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
