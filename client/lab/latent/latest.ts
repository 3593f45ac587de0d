/** One at a time: while one is on its way others may be asked for, and only the last of those is carried out next. */
export function latest(work: () => Promise<void>, fail: (reason: unknown) => void): () => void {
  let running = false;
  let asked = false;
  const carryOut = async () => {
    running = true;
    while (asked) {
      asked = false;
      await work().catch(fail);
    }
    running = false;
  };
  return () => {
    asked = true;
    if (!running) void carryOut();
  };
}
