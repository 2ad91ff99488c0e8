package dragoman.ide.edit;

import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Brings pieces of a stream to the UI thread, joined: while it is busy they wait here, and one task is posted for all of
 * them.
 */
final class Pieces {
  private final Executor ui;
  private final Consumer<String> sink;
  private final StringBuilder waiting = new StringBuilder(); // its own lock; nothing is called while that is held

  /** @param ui runs tasks on the UI thread, in order, later */
  Pieces(Executor ui, Consumer<String> sink) {
    this.ui = ui;
    this.sink = sink;
  }

  /** On any thread. */
  void add(String piece) {
    if (piece == null || piece.isEmpty()) return;
    boolean first;
    synchronized (waiting) {
      first = waiting.length() == 0;
      waiting.append(piece);
    }
    if (first) ui.execute(this::drain);
  }

  private void drain() {
    String all;
    synchronized (waiting) {
      all = waiting.toString();
      waiting.setLength(0);
    }
    sink.accept(all);
  }
}
