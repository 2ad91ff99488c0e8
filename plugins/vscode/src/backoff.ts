// How long to wait before a daemon that ended by itself is started again, and when to stop trying. Pure: the time
// is a parameter.

/** Milliseconds before the first, second, … restart in a row. After the last one it is the person's turn. */
export const DELAYS = [200, 1_000, 3_000, 8_000] as const;

/** A daemon that ran this long was well: what happened before it no longer counts. */
export const HEALTHY_MS = 60_000;

export class Backoff {
  #ends = 0;
  #startedAt = 0;

  /** The daemon answers from `now` on. */
  started(now: number): void {
    this.#startedAt = now;
  }

  /** The daemon ended at `now`: milliseconds until the next start, or undefined when it ended too often. */
  ended(now: number): number | undefined {
    if (this.#startedAt !== 0 && now - this.#startedAt >= HEALTHY_MS) this.#ends = 0;
    this.#startedAt = 0;
    return DELAYS[this.#ends++];
  }

  /** A person asked for a start: everything is forgiven. */
  reset(): void {
    this.#ends = 0;
    this.#startedAt = 0;
  }
}
