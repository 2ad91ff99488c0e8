package dragoman.client;

/**
 * How long to wait before a daemon that ended by itself is started again, and when to stop trying. Pure: the time is a
 * parameter, in milliseconds of any clock that does not go backwards.
 */
final class Backoff {
  /** A daemon that ran this long was well: what happened before it no longer counts. */
  static final long HEALTHY_MS = 60_000;

  private final long[] delaysMs;
  private int ends;
  private boolean running;
  private long startedAt;

  /** @param delaysMs before the first, second, … restart in a row; after the last one it is the person's turn */
  Backoff(long... delaysMs) {
    this.delaysMs = delaysMs;
  }

  /** The daemon answers from {@code now} on. */
  void started(long now) {
    running = true;
    startedAt = now;
  }

  /** The daemon ended at {@code now}: milliseconds until the next start, or -1 when it ended too often. */
  long ended(long now) {
    if (running && now - startedAt >= HEALTHY_MS) ends = 0;
    running = false;
    return ends < delaysMs.length ? delaysMs[ends++] : -1;
  }

  /** A person asked for a start: everything is forgiven. */
  void reset() {
    ends = 0;
    running = false;
  }
}
