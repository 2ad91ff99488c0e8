package dragoman.ide.edit;

import com.google.gson.JsonElement;
import com.intellij.codeInsight.intention.IntentionAction;
import com.intellij.openapi.editor.Document;
import com.intellij.openapi.editor.Editor;
import com.intellij.openapi.project.DumbAware;
import com.intellij.openapi.project.Project;
import com.intellij.psi.PsiFile;
import dragoman.ide.Background;
import dragoman.ide.Documents;
import dragoman.ide.DragomanBundle;
import dragoman.ide.DragomanService;
import dragoman.ide.Positions;
import dragoman.ide.chat.Attachable;
import dragoman.ide.chat.ChatService;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.eclipse.lsp4j.Diagnostic;
import org.eclipse.lsp4j.ExecuteCommandParams;
import org.eclipse.lsp4j.Range;

/**
 * The daemon's code actions as intentions. Listing them asks nobody; running one is the daemon's command, which ends in an
 * edit of the document. But for <i>Explain</i>, whose command ends in a message: an IDE's fade, and show one line and no
 * Markdown. It is a question of the chat's.
 */
public abstract class CodeActionIntention implements IntentionAction, DumbAware {
  /** The argument of {@code dragoman.codeAction} of docs/protocol.md. */
  record Argument(String action, String uri, Range range, List<Diagnostic> diagnostics) {}

  private final String action;

  CodeActionIntention(String action) {
    this.action = action;
  }

  @Override
  public String getText() {
    return DragomanBundle.message("intention." + action);
  }

  @Override
  public String getFamilyName() {
    return getText();
  }

  @Override
  public boolean startInWriteAction() {
    return false;
  }

  @Override
  public boolean isAvailable(Project project, Editor editor, PsiFile file) {
    return editor != null && !editor.isViewer() && Documents.uriOf(editor.getDocument()) != null;
  }

  @Override
  public void invoke(Project project, Editor editor, PsiFile file) {
    Document document = editor.getDocument();
    int start = editor.getSelectionModel().getSelectionStart();
    int end = editor.getSelectionModel().getSelectionEnd();
    List<Diagnostic> problems = Attachable.diagnostics(project, document, start, end);
    Range range = Positions.of(document, start, end);
    Argument argument =
        new Argument(action, Documents.uriOf(document), range, problems.isEmpty() ? null : problems);
    DragomanService service = DragomanService.of(project);
    CompletableFuture<Void> done = new CompletableFuture<>();
    Background.show(project, getText(), new Background.Bar(), done);
    service.dragoman().running().whenComplete((server, reason) -> service.onUi(() -> {
      if (done.isCancelled()) return;
      if (reason == null && service.documents().open(document)) {
        run(service, argument, done);
        return;
      }
      if (reason != null) service.messages().report(reason);
      done.complete(null);
    }));
  }

  private static void run(DragomanService service, Argument argument, CompletableFuture<Void> done) {
    CompletableFuture<JsonElement> request =
        service
            .dragoman()
            .ask(server -> server.executeCommand(new ExecuteCommandParams("dragoman.codeAction", List.of(argument))));
    done.whenComplete((nothing, cancelled) -> {
      if (cancelled != null) request.cancel(true);
    });
    request.whenComplete((result, failed) -> service.onUi(() -> {
      if (failed != null) service.messages().report(failed);
      done.complete(null);
    }));
  }

  public static final class Explain extends CodeActionIntention {
    public Explain() {
      super("explain");
    }

    @Override
    public void invoke(Project project, Editor editor, PsiFile file) {
      ChatService.of(project).explain(editor);
    }
  }

  public static final class Doc extends CodeActionIntention {
    public Doc() {
      super("document");
    }
  }

  public static final class Tests extends CodeActionIntention {
    public Tests() {
      super("tests");
    }
  }

  /** Offered where the IDE shows a problem. */
  public static final class Fix extends CodeActionIntention {
    public Fix() {
      super("fix");
    }

    @Override
    public boolean isAvailable(Project project, Editor editor, PsiFile file) {
      if (!super.isAvailable(project, editor, file)) return false;
      int start = editor.getSelectionModel().getSelectionStart();
      int end = editor.getSelectionModel().getSelectionEnd();
      return !Attachable.diagnostics(project, editor.getDocument(), start, end).isEmpty();
    }
  }

  /** Has no instruction yet; here one can be asked for. */
  public static final class Rewrite extends CodeActionIntention {
    public Rewrite() {
      super("rewrite");
    }

    @Override
    public void invoke(Project project, Editor editor, PsiFile file) {
      EditAction.ask(project, editor);
    }
  }
}
