package dragoman.ide.status;

import com.intellij.openapi.Disposable;
import dragoman.chat.Words;
import dragoman.client.Dragoman.Life;
import dragoman.client.Protocol.Status;
import dragoman.client.Protocol.UsageParams;
import dragoman.client.RequestException;
import dragoman.ide.DragomanBundle;
import dragoman.ide.DragomanService;
import java.time.LocalDate;
import java.util.List;
import javax.swing.Timer;

/**
 * What today has cost, over all windows, as the daemon's ledger has it: asked for when nothing has been going on for a moment,
 * and never where the daemon keeps none. On the UI thread.
 */
final class CostToday implements Disposable {
  private static final int IDLE_MS = 1_000;

  private final DragomanService service;
  private final Runnable changed;
  private final Spending spending =
      new Spending(DragomanBundle::message, Words.of(DragomanBundle.locale()));
  private final Timer timer = new Timer(IDLE_MS, event -> ask());
  private String cost = "";
  private boolean kept = true;

  /** @param changed runs when there are other lines to show */
  CostToday(DragomanService service, Runnable changed) {
    this.service = service;
    this.changed = changed;
    timer.setRepeats(false);
  }

  /** What is known now, a sentence each. */
  List<String> lines() {
    Status status = service.dragoman().status();
    return spending.lines(cost, status == null ? null : status.budgets());
  }

  /** The daemon's life or status is another. */
  void refresh() {
    timer.stop();
    Status status = service.dragoman().status();
    boolean idle = service.dragoman().life() == Life.RUNNING && status != null && "idle".equals(status.state());
    if (kept && idle) timer.start();
  }

  @Override
  public void dispose() {
    timer.stop();
  }

  private void ask() {
    // Not what would start a daemon: nobody needs one for this.
    if (service.dragoman().server() == null) return;
    service
        .dragoman()
        .ask(server -> server.usage(new UsageParams(LocalDate.now().toString(), "model")))
        .whenComplete((usage, reason) -> service.onUi(() -> {
          if (reason != null) {
            kept = RequestException.of(reason).code() != RequestException.METHOD_NOT_FOUND;
            return;
          }
          String now = spending.cost(usage.rows());
          if (now.equals(cost)) return;
          cost = now;
          changed.run();
        }));
  }
}
