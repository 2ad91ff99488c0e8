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
    run(project, document, start, end, instruction);
  }

  private static void run(Project project, Document document, int start, int end, String instruction) {
    DragomanService service = DragomanService.of(project);
    Range range = Positions.of(document, start, end);
    Proposal proposal = Proposal.streaming(project, document, start, end);
    Background.Bar bar = new Background.Bar();
    CompletableFuture<Void> done = new CompletableFuture<>();
    proposal.addListener(new Proposal.Listener() {
      @Override
      public void changed() {}

      @Override
      public void ended() {
        done.cancel(true);
      }
    });
    done.whenComplete((nothing, cancelled) -> {
      if (cancelled != null) service.onUi(proposal::end);
    });
    Proposals.of(project).show(proposal);
    Background.show(project, DragomanBundle.message("edit.running"), bar, done);
    String text = document.getText();
    service.dragoman().running().whenComplete((server, reason) -> service.onUi(() -> {
      if (proposal.ended()) return;
      if (reason != null) fail(proposal, () -> service.messages().report(reason));
      else if (!document.getText().equals(text)) fail(proposal, () -> warn(service, "edit.changedBefore"));
      else if (!service.documents().open(document)) fail(proposal, () -> warn(service, "edit.noFile"));
      else send(proposal, range, instruction, bar, done);
    }));
  }

  private static void send(
      Proposal proposal, Range range, String instruction, Background.Bar bar, CompletableFuture<Void> done) {
    DragomanService service = DragomanService.of(proposal.project());
    TextDocumentIdentifier which = new TextDocumentIdentifier(Documents.uriOf(proposal.document()));
    Pieces pieces = new Pieces(service::onUi, proposal::stream);
    CompletableFuture<EditResult> request =
        service.dragoman().edit(new EditParams(which, range, instruction, null, null, null), event -> {
          if ("text".equals(event.kind())) pieces.add(event.text());
          else tell(service, proposal, bar, event);
        });
    done.whenComplete((nothing, cancelled) -> request.cancel(true));
    request.whenComplete((result, reason) -> service.onUi(() -> {
      if (proposal.ended()) return;
      if (reason == null) settle(service, proposal, result);
      else if (RequestException.of(reason).code() == RequestException.CONTENT_MODIFIED)
        fail(proposal, () -> warn(service, "edit.changed"));
      else fail(proposal, () -> service.messages().report(reason));
      done.complete(null);
    }));
  }

  private static void tell(DragomanService service, Proposal proposal, Background.Bar bar, StreamEvent event) {
    String said =
        switch (event.kind() == null ? "" : event.kind()) {
          case "begin", "fallback" -> event.model();
          case "retry" -> event.reason();
          default -> null; // reasoning is not shown, and a kind of a newer daemon passed over
        };
    if (said == null) return;
    bar.say(said);
    service.onUi(() -> proposal.say(said));
  }

  private static void settle(DragomanService service, Proposal proposal, EditResult result) {
    if (result.withheld() != null && result.withheld() > 0)
      service.messages().warn(DragomanBundle.message("edit.withheld", result.withheld()));
    if (result.masked() != null && result.masked() > 0)
      service.messages().tell(DragomanBundle.message("masked", result.masked()));
    TextDocumentEdit own = own(result);
    List<TextEdit> edits = new ArrayList<>();
    if (own != null)
      own.getEdits().forEach(edit -> {
        if (edit.isLeft()) edits.add(edit.getLeft());
      });
    Integer made = own == null ? null : own.getTextDocument().getVersion();
    switch (proposal.settle(made, service.documents().versionOf(proposal.document()), edits)) {
      case STALE -> warn(service, "edit.changed");
      case NOTHING -> service.messages().tell(DragomanBundle.message("edit.nothing"));
      default -> {
        // The person decides.
      }
    }
  }

  /** What the answer says of the document, of which alone it speaks; or null. */
  private static TextDocumentEdit own(EditResult result) {
    if (result.edit() == null || result.edit().getDocumentChanges() == null) return null;
    return result.edit().getDocumentChanges().stream()
        .filter(Either::isLeft)
        .map(Either::getLeft)
        .findFirst()
        .orElse(null);
  }

  private static void fail(Proposal proposal, Runnable tell) {
    proposal.end();
    tell.run();
  }

  private static void warn(DragomanService service, String key) {
    service.messages().warn(DragomanBundle.message(key));
  }
}
