/** Something that computes one window at a time: a worker, or the thread that asks. */
export interface TileComputer {
  run(input: Float32Array, height: number, width: number): Promise<Float32Array>;
  /** What is under way rejects. */
  close(): void;
  /** It was closed, or has ended by itself. */
  readonly closed: boolean;
}

/** Computers of tiles, started when all others are busy. One that fails is closed, with the memory that it holds. */
export class Pool {
  readonly #start: () => Promise<TileComputer>;
  #most: number;
  /** Being started ones are counted, but not here. */
  readonly #computers = new Set<TileComputer>();
  readonly #idle: TileComputer[] = [];
  #starting = 0;
  readonly #waiting: (() => void)[] = [];
  #disposed = false;

  constructor(start: () => Promise<TileComputer>, most: number, first: TileComputer) {
    this.#start = start;
    this.#most = most;
    this.#computers.add(first);
    this.#idle.push(first);
  }

  get most(): number {
    return this.#most;
  }

  async run(input: Float32Array, height: number, width: number): Promise<Float32Array> {
    const computer = await this.#take();
    try {
      const answer = await computer.run(input, height, width);
      this.#idle.push(computer);
      return answer;
    } catch (failure) {
      this.#computers.delete(computer);
      computer.close();
      throw failure;
    } finally {
      this.#waiting.shift()?.();
    }
  }

  dispose(): void {
    this.#disposed = true;
    for (const computer of this.#computers) computer.close();
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async #take(): Promise<TileComputer> {
    for (;;) {
      if (this.#disposed) throw new DOMException('The engine was disposed.', 'AbortError');
      const idle = this.#idle.pop();
      if (idle?.closed) {
        this.#computers.delete(idle);
        continue;
      }
      if (idle) return idle;
      if (this.#computers.size + this.#starting < this.#most) {
        const started = await this.#startOne();
        if (started) return started;
      } else {
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
      }
    }
  }

  /** Undefined where it does not start while others run: then they are all there will be. */
  async #startOne(): Promise<TileComputer | undefined> {
    this.#starting++;
    try {
      const computer = await this.#start();
      this.#computers.add(computer);
      if (this.#disposed) computer.close();
      return computer;
    } catch (failure) {
      if (this.#computers.size === 0) throw failure;
      console.debug('degrain: no further worker', failure);
      this.#most = this.#computers.size;
      return undefined;
    } finally {
      this.#starting--;
    }
  }
}
