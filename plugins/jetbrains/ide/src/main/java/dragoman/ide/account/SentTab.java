package dragoman.ide.account;

import com.intellij.openapi.project.Project;
import dragoman.client.DragomanServer;
import dragoman.client.Protocol.Sent;
import dragoman.client.Protocol.SentParams;
import dragoman.ide.DragomanBundle;
import java.time.ZoneId;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** <i>What left this machine?</i>: the newest requests that went out, of all windows and projects. */
public final class SentTab extends AccountTab<Sent> {
  private static final int LIMIT = 1000;

  private SentTab(Project project) {
    super(project, DragomanBundle.message("sent.title"));
  }

  /** Brings it to the front, with the newest account in it. On the UI thread. */
  public static void show(Project project) {
    new SentTab(project).open();
  }

  @Override
  Function<DragomanServer, CompletableFuture<Sent>> request() {
    return server -> server.sent(new SentParams(LIMIT));
  }

  @Override
  String text(Sent sent) {
    return new SentText(DragomanBundle::message, DragomanBundle.locale(), ZoneId.systemDefault()).of(sent.entries(), LIMIT);
  }
}
