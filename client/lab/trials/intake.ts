import { element } from '../../page/element.ts';

/** A picture that is chosen, dropped anywhere on the page, or pasted. */
export function onFile(use: (file: File) => void): void {
  const input = element('bench-file', HTMLInputElement);
  const take = (file: File | undefined) => {
    if (file && !element('bench').hidden) use(file);
  };
  input.addEventListener('change', () => take(input.files?.[0]));
  document.addEventListener('paste', ({ clipboardData }) => take(clipboardData?.files[0]));
  const over = (on: boolean) => document.body.classList.toggle('dragging', on);
  document.addEventListener('dragover', (event) => {
    // without this the browser leaves the page and opens the file
    event.preventDefault();
    over(true);
  });
  document.addEventListener('dragleave', ({ relatedTarget }) => {
    if (!relatedTarget) over(false);
  });
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    over(false);
    take(event.dataTransfer?.files[0]);
  });
}
