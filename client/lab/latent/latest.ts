/**
 * One at a time: while one is on its way others may be asked for, and only the last of those is carried out next.
 * Resolves when there is nothing left to do.
 */
export function latest(work: () => Promise<void>, fail: (reason: unknown) => void): () => Promise<void> {
  let running: Promise<void> | undefined;
  let asked = false;
  const carryOut = async () => {
    while (asked) {
      asked = false;
      await work().catch(fail);
    }
    running = undefined;
  };
  return () => {
    asked = true;
    running ??= carryOut();
    return running;
  };
}
