package dragoman.ide;

import com.intellij.openapi.application.ApplicationManager;
import com.intellij.openapi.command.CommandProcessor;
import com.intellij.openapi.editor.Document;
import com.intellij.openapi.editor.Editor;
import com.intellij.openapi.editor.EditorFactory;
import com.intellij.openapi.project.Project;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.lsp4j.ApplyWorkspaceEditParams;
import org.eclipse.lsp4j.ApplyWorkspaceEditResponse;
import org.eclipse.lsp4j.ResourceOperation;
import org.eclipse.lsp4j.TextDocumentEdit;
import org.eclipse.lsp4j.TextEdit;
import org.eclipse.lsp4j.WorkspaceEdit;
import org.eclipse.lsp4j.jsonrpc.messages.Either;

/** Applies the daemon's edits to open documents: all of one edit or nothing, one step of undo, never over a newer text. On the UI thread. */
public final class Edits {
  private Edits() {}

  static ApplyWorkspaceEditResponse apply(Project project, Documents documents, ApplyWorkspaceEditParams params) {
    String label = params.getLabel() == null ? "dragoman" : params.getLabel();
    String refused = apply(project, documents, params.getEdit(), label);
    ApplyWorkspaceEditResponse response = new ApplyWorkspaceEditResponse(refused == null);
    if (refused != null) response.setFailureReason(refused);
    return response;
  }

  /**
   * Applies {@code edit}, which says the versions that it was made for.
   *
   * @param label the name of the step in the undo menu
   * @return null where it was applied, else why it was not
   */
  public static String apply(Project project, Documents documents, WorkspaceEdit edit, String label) {
    Map<Document, List<TextEdit>> changes = new LinkedHashMap<>();
    if (edit.getDocumentChanges() == null) return "the edit names no document versions";
    for (Either<TextDocumentEdit, ResourceOperation> change : edit.getDocumentChanges()) {
      if (change.isRight()) return "files are not created, renamed or deleted";
      TextDocumentEdit one = change.getLeft();
      Document document = documentOf(project, one.getTextDocument().getUri());
      if (document == null) return "the document is not open";
      Integer version = one.getTextDocument().getVersion();
      if (version != null && !version.equals(documents.versionOf(document))) return "the text has changed";
      if (!document.isWritable()) return "the file is read-only";
      changes.computeIfAbsent(document, made -> new ArrayList<>()).addAll(textEdits(one));
    }
    command(project, label, () -> changes.forEach(Edits::replace));
    return null;
  }

  /** Runs {@code change} as one step of undo, which the menu calls {@code name}. */
  public static void command(Project project, String name, Runnable change) {
    CommandProcessor.getInstance()
        .executeCommand(project, () -> ApplicationManager.getApplication().runWriteAction(change), name, null);
  }

  private static List<TextEdit> textEdits(TextDocumentEdit edit) {
    return edit.getEdits().stream().map(one -> one.isLeft() ? one.getLeft() : null).filter(one -> one != null).toList();
  }

  /** From the end to the beginning, so that what is still to come keeps its place. */
  private static void replace(Document document, List<TextEdit> edits) {
    record Change(int start, int end, String text) {}
    edits.stream()
        .map(
            edit ->
                new Change(
                    Positions.offset(document, edit.getRange().getStart()),
                    Positions.offset(document, edit.getRange().getEnd()),
                    edit.getNewText().replace("\r\n", "\n")))
        .sorted(Comparator.comparingInt(Change::start).reversed())
        .forEach(change -> document.replaceString(change.start(), change.end(), change.text()));
  }

  private static Document documentOf(Project project, String uri) {
    for (Editor editor : EditorFactory.getInstance().getAllEditors())
      if (editor.getProject() == project && uri.equals(Documents.uriOf(editor.getDocument())))
        return editor.getDocument();
    return null;
  }
}
