/** Where progress goes: stderr, so that stdout stays free for results. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const BAR_CELLS = 24;
const REDRAW_MS = 100;

/** A bar with the time left on a terminal; elsewhere only the lines that `say` is given. */
export class Progress {
  readonly #screen: Screen;
  readonly #total: number;
  readonly #unit: string;
  readonly #now: () => number;
  readonly #started: number;
  #drawn = -Infinity;

  constructor(total: number, unit: string, screen: Screen = process.stderr, now: () => number = Date.now) {
    this.#total = total;
    this.#unit = unit;
    this.#screen = screen;
    this.#now = now;
    this.#started = now();
  }

  /** `done` of the total, fractions allowed, and what is being worked on. */
  show(done: number, what: string): void {
    const now = this.#now();
    if (!this.#screen.isTTY || now - this.#drawn < REDRAW_MS) return;
    this.#drawn = now;
    const part = Math.min(1, done / this.#total);
    const cells = Math.round(part * BAR_CELLS);
    const bar = '#'.repeat(cells).padEnd(BAR_CELLS, '.');
    const elapsed = now - this.#started;
    const left = part > 0 ? `${duration((elapsed * (1 - part)) / part)} left` : '';
    const line = `[${bar}] ${Math.floor(done)}/${this.#total} ${this.#unit}  ${left}  ${what}`;
    // \x1b[K clears what a longer line left behind; a line that wrapped could not be overwritten
    this.#screen.write(`\r${line.slice(0, (this.#screen.columns || 80) - 1)}\x1b[K`);
  }

  /** A line that stays. */
  say(line: string): void {
    this.clear();
    this.#screen.write(`${line}\n`);
  }

  clear(): void {
    if (this.#screen.isTTY) this.#screen.write('\r\x1b[K');
    this.#drawn = -Infinity;
  }
}

/** 4 s, 1:05, 2:03:20. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const pad = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${pad(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(seconds % 60)}`;
}
