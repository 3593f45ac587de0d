import { errorOf, NOTHING_KEPT } from '../queue/problems.ts';

/** What there can be of a photo: the file as it came, and as it became. */
export type Kind = 'photos' | 'results';

type Write = (kind: Kind, id: string, content: Blob) => Promise<void>;

let writeOtherwise: Write | undefined;

/** For browsers that write such files in workers only. Pages say it: a service worker cannot start one. */
export function setFallback(write: Write): void {
  writeOtherwise = write;
}

/** The origin's own file system: what is in it is on the disk, not in memory, and survives reloads and crashes. */
async function folderOf(kind: Kind): Promise<FileSystemDirectoryHandle> {
  const root = await rootFolder();
  const own = await root.getDirectoryHandle('degrain-app', { create: true });
  return own.getDirectoryHandle(kind, { create: true });
}

/** Private windows have none: Firefox and Safari say so each in their own way. */
async function rootFolder(): Promise<FileSystemDirectoryHandle> {
  try {
    return await navigator.storage.getDirectory();
  } catch {
    throw errorOf(NOTHING_KEPT);
  }
}

/** The file, made where there is none. */
export async function fileOf(kind: Kind, id: string): Promise<FileSystemFileHandle> {
  return (await folderOf(kind)).getFileHandle(id, { create: true });
}

/** @throws DOMException `QuotaExceededError` where the disk is full; what was there before stays, where the browser can replace it as a whole. */
export async function writeFile(kind: Kind, id: string, content: Blob): Promise<void> {
  const folder = await folderOf(kind);
  let isBroken = (await readFile(kind, id)) === undefined;
  try {
    const handle = await fileOf(kind, id);
    if (writeOtherwise && !('createWritable' in handle)) {
      isBroken = true;
      await writeOtherwise(kind, id, content);
    } else {
      // takes the place of what was there when it is complete
      await content.stream().pipeTo(await handle.createWritable());
    }
  } catch (failure) {
    if (isBroken) await folder.removeEntry(id).catch(() => 'it was not made');
    throw failure;
  }
}

/** Undefined where there is none. */
export async function readFile(kind: Kind, id: string): Promise<File | undefined> {
  try {
    return await (await (await folderOf(kind)).getFileHandle(id)).getFile();
  } catch (failure) {
    if (isNotFound(failure)) return undefined;
    throw failure;
  }
}

export async function removeFile(kind: Kind, id: string): Promise<void> {
  try {
    await (await folderOf(kind)).removeEntry(id);
  } catch (failure) {
    if (!isNotFound(failure)) throw failure;
  }
}

/** Removes files that nothing refers to any more: of a tab that ended between a file and its entry. */
export async function removeStrays(known: ReadonlySet<string>): Promise<void> {
  for (const kind of ['photos', 'results'] as const) {
    for await (const id of (await folderOf(kind)).keys()) if (!known.has(id)) await removeFile(kind, id);
  }
}

const isNotFound = (failure: unknown) => failure instanceof DOMException && failure.name === 'NotFoundError';
