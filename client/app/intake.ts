import { element } from '../page/element.ts';

/** A photo that is chosen, dropped anywhere on the page, or pasted. */
export function onPhoto(use: (file: File) => void): void {
  const input = element('file', HTMLInputElement);
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    // the same file, chosen again, is a change again
    input.value = '';
    if (file) use(file);
  });
  document.addEventListener('paste', (event) => {
    const file = event.clipboardData?.files[0];
    if (file) use(file);
  });
  const over = (on: boolean) => document.body.classList.toggle('dragging', on);
  document.addEventListener('dragover', (event) => {
    // without this the browser leaves the page and opens the file
    event.preventDefault();
    over(true);
  });
  document.addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) over(false);
  });
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    over(false);
    const file = event.dataTransfer?.files[0];
    if (file) use(file);
  });
}
