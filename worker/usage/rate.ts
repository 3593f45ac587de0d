const MINUTE = 60_000;

/**
 * A token bucket: a minute's worth at once, then as they come. In memory: it starts full with the object, which only
 * goes to sleep when nobody asks.
 */
export class RateLimit {
  #tokens = Number.POSITIVE_INFINITY;
  #at = 0;

  /** 0 if this request may pass, else the ms until one may. */
  take(perMinute: number | null, now: number): number {
    if (perMinute === null) return 0;
    // a clock that was set back gives nothing
    const earned = (Math.max(0, now - this.#at) * perMinute) / MINUTE;
    this.#tokens = Math.min(perMinute, this.#tokens + earned);
    this.#at = now;
    if (this.#tokens < 1) return Math.ceil(((1 - this.#tokens) * MINUTE) / perMinute);
    this.#tokens -= 1;
    return 0;
  }
}
