import { element } from '../../page/element.ts';
import { droppedFiles } from './folders.ts';

/** `launchQueue`: files that the system opens with the installed app. Not in TypeScript's library. */
interface LaunchQueue {
  setConsumer(use: (launch: { files: readonly FileSystemFileHandle[] }) => void): void;
}

/** Photos that are chosen, taken, dropped anywhere on the page, pasted, or opened with the app. */
export function onPhotos(use: (files: File[]) => void): void {
  for (const id of ['file', 'more', 'camera']) {
    const input = element(id, HTMLInputElement);
    input.addEventListener('change', () => {
      const files = [...(input.files ?? [])];
      // the same file, chosen again, is a change again
      input.value = '';
      if (files.length > 0) use(files);
    });
  }
  document.addEventListener('paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length > 0) use(files);
  });
  onDrop(use);
  const { launchQueue } = window as { launchQueue?: LaunchQueue };
  launchQueue?.setConsumer(async ({ files }) => {
    if (files.length > 0) use(await Promise.all(files.map((handle) => handle.getFile())));
  });
}

function onDrop(use: (files: File[]) => void): void {
  const over = (on: boolean) => document.body.classList.toggle('dragging', on);
  document.addEventListener('dragover', (event) => {
    // without this the browser leaves the page and opens the file
    event.preventDefault();
    over(true);
  });
  document.addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) over(false);
  });
  document.addEventListener('drop', async (event) => {
    event.preventDefault();
    over(false);
    const files = event.dataTransfer ? await droppedFiles(event.dataTransfer) : [];
    if (files.length > 0) use(files);
  });
}
