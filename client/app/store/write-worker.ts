import { serve } from '../../bridge.ts';
import { fileOf, type Kind } from './files.ts';

/**
 * By the file's name: Safari sends no handle to a worker (DataCloneError). A DOMException does not cross the bridge with
 * its name, which says whether the disk is full.
 */
export type WriteMethods = {
  write: {
    argument: { kind: Kind; id: string; content: Blob };
    result: { name: string; message: string } | undefined;
    event: never;
  };
};

/** Not in TypeScript's library for pages. */
interface SyncAccess {
  write(chunk: Uint8Array, options: { at: number }): number;
  truncate(bytes: number): void;
  close(): void;
}

serve<WriteMethods>({
  async write({ kind, id, content }) {
    try {
      await write(await fileOf(kind, id), content);
      return undefined;
    } catch (failure) {
      const { name, message } = failure as Error;
      return { name, message };
    }
  },
});

async function write(handle: FileSystemFileHandle, content: Blob): Promise<void> {
  const file: SyncAccess = await (
    handle as unknown as { createSyncAccessHandle(): Promise<SyncAccess> }
  ).createSyncAccessHandle();
  try {
    file.truncate(0);
    let at = 0;
    const reader = content.stream().getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      at += file.write(part.value, { at });
    }
  } finally {
    file.close();
  }
}
