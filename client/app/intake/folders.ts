/** All files that were dropped, those in folders too, in the order of their names. */
export async function droppedFiles(data: DataTransfer): Promise<File[]> {
  // only now: after the first pause the list of a drop is empty
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.()).filter((entry) => entry != null);
  if (entries.length === 0) return [...data.files];
  const files = await Promise.all(entries.map(filesOf));
  return files.flat();
}

async function filesOf(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) {
    return [await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const inside: FileSystemEntry[] = [];
  // browsers hand out a hundred at a time
  for (;;) {
    const more = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (more.length === 0) break;
    inside.push(...more);
  }
  inside.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  // what else lies in a folder, such as `.DS_Store` or raw files, was not meant
  return (await Promise.all(inside.map(filesOf))).flat().filter(({ type }) => type.startsWith('image/'));
}
