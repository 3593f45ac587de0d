/** Thrown to those who would wait too long. */
export class Busy extends Error {}

export interface GateOptions {
  /** How many may wait. */
  readonly places: number;
  /** ms that each waits at most. */
  readonly patience: number;
}

interface Ticket {
  /** Counted up for as long as its request lives. */
  beats: number;
  /** ms since 1970, of the last one. */
  at: number;
}

/** ms between two looks at the queue, and between two beats of whoever is inside. */
const POLL_MS = 20;
const BEAT_MS = 10;

/**
 * Looks without a beat between them after which a ticket's request is gone. Counted in looks, not in time: while
 * somebody computes, nobody looks and nobody beats.
 */
const DEAD_AFTER = 10;

/** ms after a sign of life in which nobody is doubted: who finds all places taken by such is sent away at once. */
const SURELY_ALIVE = 1000;

/**
 * Lets one request of an isolate in at a time, in the order of their coming; a few wait, the rest is sent away.
 *
 * A request must not await a promise of another: if that one's client hangs up, workerd drops all that the other
 * would still have done, `finally` too, and the promise stays pending for ever. So each one looks for itself, by timers
 * of its own, and leaves signs of life: who leaves none for a while is taken out, whether waiting or inside.
 */
export class Gate {
  readonly #options: GateOptions;
  readonly #waiting: Ticket[] = [];
  #inside: Ticket | undefined;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /** Resolves to what must be called when all is done. @throws Busy */
  async enter(): Promise<() => void> {
    const ticket: Ticket = { beats: 0, at: 0 };
    const watch = new Watch();
    const { places, patience } = this.#options;
    const until = Date.now() + patience;
    try {
      for (let looks = 0; ; looks++) {
        beat(ticket);
        this.#removeDead(watch, ticket);
        if (!this.#waiting.includes(ticket) && this.#waiting.length < places) this.#waiting.push(ticket);
        if (!this.#inside && this.#waiting[0] === ticket) return this.#admit(ticket);
        // who finds no place stays only to see whether the others are alive
        const lost = !this.#waiting.includes(ticket) && (looks > DEAD_AFTER || this.#waiting.every(isSurelyAlive));
        if (lost || Date.now() >= until) throw new Busy();
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    } finally {
      this.#leaveQueue(ticket);
    }
  }

  #admit(ticket: Ticket): () => void {
    this.#inside = ticket;
    const heart = setInterval(() => beat(ticket), BEAT_MS);
    return () => {
      clearInterval(heart);
      if (this.#inside === ticket) this.#inside = undefined;
    };
  }

  #removeDead(watch: Watch, self: Ticket): void {
    for (const ticket of this.#waiting.slice()) {
      if (ticket !== self && watch.isDead(ticket)) this.#leaveQueue(ticket);
    }
    if (this.#inside && watch.isDead(this.#inside)) this.#inside = undefined;
  }

  #leaveQueue(ticket: Ticket): void {
    const place = this.#waiting.indexOf(ticket);
    if (place >= 0) this.#waiting.splice(place, 1);
  }
}

function beat(ticket: Ticket): void {
  ticket.beats++;
  ticket.at = Date.now();
}

const isSurelyAlive = ({ at }: Ticket) => Date.now() - at < SURELY_ALIVE;

/** What one observer saw of the others. */
class Watch {
  readonly #seen = new Map<Ticket, { beats: number; looks: number }>();

  isDead(ticket: Ticket): boolean {
    const before = this.#seen.get(ticket);
    if (before?.beats !== ticket.beats) {
      this.#seen.set(ticket, { beats: ticket.beats, looks: 0 });
      return false;
    }
    return ++before.looks >= DEAD_AFTER;
  }
}
