package dragoman.ide.edit;

import com.intellij.openapi.actionSystem.ActionUpdateThread;
import com.intellij.openapi.actionSystem.AnAction;
import com.intellij.openapi.actionSystem.AnActionEvent;
import com.intellij.openapi.actionSystem.CommonDataKeys;
import com.intellij.openapi.editor.Document;
import com.intellij.openapi.editor.Editor;
import com.intellij.openapi.project.DumbAware;
import com.intellij.openapi.project.Project;
import com.intellij.openapi.ui.Messages;
import dragoman.client.Protocol.EditParams;
import dragoman.client.Protocol.EditResult;
import dragoman.client.Protocol.StreamEvent;
import dragoman.client.RequestException;
import dragoman.ide.Background;
import dragoman.ide.Documents;
import dragoman.ide.DragomanBundle;
import dragoman.ide.DragomanService;
import dragoman.ide.Positions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.ResourceOperation;
import org.eclipse.lsp4j.TextDocumentEdit;
import org.eclipse.lsp4j.TextDocumentIdentifier;
import org.eclipse.lsp4j.TextEdit;
import org.eclipse.lsp4j.jsonrpc.messages.Either;

/** <i>Edit with dragoman…</i>: an instruction for the selection, or for the place of the cursor, and a {@link Proposal}. */
public final class EditAction extends AnAction implements DumbAware {
  private static String lastInstruction = "";

  @Override
  public ActionUpdateThread getActionUpdateThread() {
    return ActionUpdateThread.BGT;
  }

  @Override
  public void update(AnActionEvent event) {
    Editor editor = event.getData(CommonDataKeys.EDITOR);
    event.getPresentation().setEnabledAndVisible(event.getProject() != null && editor != null && !editor.isViewer());
  }

  @Override
  public void actionPerformed(AnActionEvent event) {
    Editor editor = event.getData(CommonDataKeys.EDITOR);
    if (event.getProject() != null && editor != null) ask(event.getProject(), editor);
  }

  /** Asks what is to be done, and does it. On the UI thread. */
  static void ask(Project project, Editor editor) {
    Document document = editor.getDocument();
    if (Documents.uriOf(document) == null) {
      DragomanService.of(project).messages().tell(DragomanBundle.message("edit.noFile"));
      return;
    }
    int start = editor.getSelectionModel().getSelectionStart();
    int end = editor.getSelectionModel().getSelectionEnd();
    String question = DragomanBundle.message(start == end ? "edit.askHere" : "edit.ask");
    String instruction =
        Messages.showInputDialog(project, question, DragomanBundle.message("edit.title"), null, lastInstruction, null);
    if (instruction == null || instruction.isBlank()) return;
    lastInstruction = instruction;
    run(project, document, Positions.of(document, start, end), instruction);
  }

  private static void run(Project project, Document document, Range range, String instruction) {
    DragomanService service = DragomanService.of(project);
    Background.Bar bar = new Background.Bar();
    CompletableFuture<Void> done = new CompletableFuture<>();
    Background.show(project, DragomanBundle.message("edit.running"), bar, done);
    String text = document.getText();
    service.dragoman().running().whenComplete((server, reason) -> service.onUi(() -> {
      if (done.isCancelled()) return;
      if (reason != null) fail(service, done, reason);
      else if (!document.getText().equals(text)) fail(service, done, DragomanBundle.message("edit.changedBefore"));
      else if (!service.documents().open(document)) fail(service, done, DragomanBundle.message("edit.noFile"));
      else send(project, document, range, instruction, bar, done);
    }));
  }

  private static void send(
      Project project, Document document, Range range, String instruction, Background.Bar bar, CompletableFuture<Void> done) {
    DragomanService service = DragomanService.of(project);
    TextDocumentIdentifier which = new TextDocumentIdentifier(Documents.uriOf(document));
    CompletableFuture<EditResult> request =
        service.dragoman().edit(new EditParams(which, range, instruction, null, null, null), event -> tell(bar, event));
    done.whenComplete((nothing, cancelled) -> request.cancel(true));
    request.whenComplete((result, reason) -> service.onUi(() -> {
      if (reason == null) propose(project, document, result);
      else if (RequestException.of(reason).code() == RequestException.CONTENT_MODIFIED)
        service.messages().warn(DragomanBundle.message("edit.changed"));
      else service.messages().report(reason);
      done.complete(null);
    }));
  }

  private static void tell(Background.Bar bar, StreamEvent event) {
    if ("begin".equals(event.kind()) || "fallback".equals(event.kind())) bar.say(event.model());
    else if ("retry".equals(event.kind())) bar.say(event.reason());
  }

  private static void propose(Project project, Document document, EditResult result) {
    DragomanService service = DragomanService.of(project);
    if (result.withheld() != null && result.withheld() > 0)
      service.messages().warn(DragomanBundle.message("edit.withheld", result.withheld()));
    List<TextEdit> edits = new ArrayList<>();
    if (result.edit() != null && result.edit().getDocumentChanges() != null) {
      for (Either<TextDocumentEdit, ResourceOperation> change : result.edit().getDocumentChanges()) {
        if (change.isRight()) continue;
        Integer version = change.getLeft().getTextDocument().getVersion();
        if (version != null && !version.equals(service.documents().versionOf(document))) {
          service.messages().warn(DragomanBundle.message("edit.changed"));
          return;
        }
        change.getLeft().getEdits().forEach(edit -> {
          if (edit.isLeft()) edits.add(edit.getLeft());
        });
      }
    }
    Proposal.ofEdits(project, document, edits);
  }

  private static void fail(DragomanService service, CompletableFuture<Void> done, Throwable reason) {
    service.messages().report(reason);
    done.complete(null);
  }

  private static void fail(DragomanService service, CompletableFuture<Void> done, String sentence) {
    service.messages().warn(sentence);
    done.complete(null);
  }
}
