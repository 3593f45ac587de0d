/** A noisy picture that this page paints itself, in a worker: noise for a megapixel would hold up the page. */
export async function exampleFile(): Promise<File> {
  const worker = new Worker(new URL('./example-worker.ts', import.meta.url), { type: 'module' });
  try {
    return await new Promise<File>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<Blob>) =>
        resolve(new File([data], 'example.png', { type: data.type }));
      worker.onerror = ({ message }) => reject(new Error(`The example could not be painted: ${message}`));
    });
  } finally {
    worker.terminate();
  }
}
