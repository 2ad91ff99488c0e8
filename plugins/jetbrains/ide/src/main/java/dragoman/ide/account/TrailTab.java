package dragoman.ide.account;

import com.intellij.openapi.editor.Editor;
import com.intellij.openapi.project.Project;
import dragoman.client.DragomanServer;
import dragoman.client.Protocol.Trail;
import dragoman.client.Protocol.TrailParams;
import dragoman.ide.Documents;
import dragoman.ide.DragomanBundle;
import dragoman.ide.chat.Attachable;
import java.time.ZoneId;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.eclipse.lsp4j.TextDocumentIdentifier;

/** <i>Why is there no suggestion?</i>: the last requests for the file that is looked at, where there is one; else all. */
public final class TrailTab extends AccountTab<Trail> {
  private static final int LIMIT = 20;

  private TrailTab(Project project) {
    super(project, DragomanBundle.message("trail.title"));
  }

  /** Brings it to the front, with the newest account in it. On the UI thread. */
  public static void show(Project project) {
    new TrailTab(project).open();
  }

  @Override
  Function<DragomanServer, CompletableFuture<Trail>> request() {
    Editor editor = Attachable.editor(project);
    TextDocumentIdentifier file =
        editor == null ? null : new TextDocumentIdentifier(Documents.uriOf(editor.getDocument()));
    return server -> server.trail(new TrailParams(file, LIMIT));
  }

  @Override
  String text(Trail trail) {
    TrailText words = new TrailText(uri -> Documents.shorten(project, uri), DragomanBundle.locale(), ZoneId.systemDefault());
    String text = words.of(trail.entries());
    return text.isEmpty() ? DragomanBundle.message("trail.none") : text;
  }
}
