import { duration, Progress, type Screen } from '../progress.ts';

/** How much of all work is done, and how long the rest will take at this pace. */
export class Clock {
  readonly #progress: Progress;
  readonly #screen: Screen;
  readonly #total: number;
  readonly #started = performance.now();
  #done = 0;

  /** @param total in whatever unit `add` counts in */
  constructor(total: number, screen: Screen = process.stderr) {
    this.#total = total;
    this.#screen = screen;
    this.#progress = new Progress(100, '%', screen);
  }

  add(work: number, what: string): void {
    this.#done += work;
    this.#progress.show((100 * this.#done) / this.#total, what);
  }

  /** A line that stays. Where there is no bar to show the time left, it does. */
  say(line: string): void {
    const part = this.#done / this.#total;
    const left = ((performance.now() - this.#started) * (1 - part)) / part;
    const known = !this.#screen.isTTY && Number.isFinite(left) && part < 1;
    this.#progress.say(known ? `${line}; ${duration(left)} left` : line);
  }

  end(): void {
    this.#progress.clear();
  }
}
