/** ms: the most that a timer waits. */
const DAY = 24 * 3600 * 1000;

/** A timer that does not keep the process. It rings a day ahead at the latest, which does no harm. */
export class Alarm {
  readonly #ring: () => Promise<void>;
  #timer: NodeJS.Timeout | undefined;

  constructor(ring: () => Promise<void>) {
    this.#ring = ring;
  }

  /** ms since 1970. */
  set(at: number): void {
    this.delete();
    const wait = Math.min(Math.max(at - Date.now(), 0), DAY);
    this.#timer = setTimeout(() => {
      this.#ring().catch((failure) => console.error('alarm', failure));
    }, wait).unref();
  }

  delete(): void {
    clearTimeout(this.#timer);
  }
}
