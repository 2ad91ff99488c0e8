package dragoman.ide;

import com.intellij.openapi.progress.ProgressIndicator;
import com.intellij.openapi.progress.ProgressManager;
import com.intellij.openapi.progress.Task;
import com.intellij.openapi.project.Project;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A request under the IDE's progress bar: its cross cancels the request. What comes of it is the future's business. */
public final class Background {
  /** So often it is looked whether the person has cancelled. */
  private static final int LOOK_MS = 100;

  /** What the bar says of a request under way, from any thread. */
  public static final class Bar {
    private volatile String text = "";

    public void say(String now) {
      text = now == null ? "" : now;
    }
  }

  private Background() {}

  /** Shows {@code title} until {@code future} is done. On the UI thread; returns at once. */
  public static void show(Project project, String title, Bar bar, CompletableFuture<?> future) {
    ProgressManager.getInstance().run(new Task.Backgroundable(project, title, true) {
      @Override
      public void run(ProgressIndicator indicator) {
        indicator.setIndeterminate(true);
        while (!future.isDone()) {
          if (indicator.isCanceled()) future.cancel(true);
          indicator.setText2(bar.text);
          await(future);
        }
      }
    });
  }

  private static void await(CompletableFuture<?> future) {
    try {
      future.get(LOOK_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      future.cancel(true);
    } catch (ExecutionException | CancellationException | TimeoutException seen) {
      // Whoever asked hears of it.
    }
  }
}
