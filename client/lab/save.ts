/** Offers a text as a download. */
export function saveText(text: string, name: string, type: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  // the click only starts the download
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
