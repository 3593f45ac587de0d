import { DatabaseSync } from 'node:sqlite';

/**
 * Keeps a second server from the same folder: each remembers what it has read. The lock is the system's, so that it
 * goes with the process, however that ends.
 *
 * @throws Error that says so.
 */
export function lockFolder(path: string): () => void {
  const database = new DatabaseSync(path);
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    throw new Error(`Expected a folder of its own but another server uses ${path}: stop it, or set DATA`, { cause });
  }
  return () => database.close();
}
