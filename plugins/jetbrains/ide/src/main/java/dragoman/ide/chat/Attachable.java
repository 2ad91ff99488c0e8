package dragoman.ide.chat;

import com.intellij.codeInsight.daemon.impl.HighlightInfo;
import com.intellij.lang.annotation.HighlightSeverity;
import com.intellij.openapi.editor.Document;
import com.intellij.openapi.editor.Editor;
import com.intellij.openapi.editor.impl.DocumentMarkupModel;
import com.intellij.openapi.editor.markup.RangeHighlighter;
import com.intellij.openapi.fileEditor.FileDocumentManager;
import com.intellij.openapi.fileEditor.FileEditorManager;
import com.intellij.openapi.project.Project;
import com.intellij.openapi.vfs.VirtualFile;
import dragoman.client.Protocol.ContextItem;
import dragoman.ide.Documents;
import dragoman.ide.Positions;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.lsp4j.Diagnostic;
import org.eclipse.lsp4j.DiagnosticSeverity;

/** What there is now that a question could take along. On the UI thread. */
public final class Attachable {
  private Attachable() {}

  /** The editor that is looked at, or null. */
  public static Editor editor(Project project) {
    Editor editor = FileEditorManager.getInstance(project).getSelectedTextEditor();
    return editor == null || editor.isDisposed() || Documents.uriOf(editor.getDocument()) == null ? null : editor;
  }

  /**
   * The selection, or null. Of a text that the daemon cannot read by itself (in an archive, decompiled, a console, an input
   * field) it is taken along as it stands, under its file's name where it has one.
   */
  static ContextItem selection(Editor editor) {
    if (editor == null || !editor.getSelectionModel().hasSelection()) return null;
    Document document = editor.getDocument();
    int start = editor.getSelectionModel().getSelectionStart();
    int end = editor.getSelectionModel().getSelectionEnd();
    String uri = Documents.uriOf(document);
    if (uri != null) return ContextItem.range(uri, Positions.of(document, start, end));
    VirtualFile file = FileDocumentManager.getInstance().getFile(document);
    String text = document.getCharsSequence().subSequence(start, end).toString();
    return ContextItem.text(text, file == null ? null : file.getName());
  }

  /** The file, or null. */
  static ContextItem file(Editor editor) {
    return editor == null ? null : ContextItem.file(Documents.uriOf(editor.getDocument()));
  }

  /** The warnings and errors that the IDE shows in the file, or null where it shows none. */
  static ContextItem problems(Project project, Editor editor) {
    if (editor == null) return null;
    List<Diagnostic> found = diagnostics(project, editor.getDocument(), 0, editor.getDocument().getTextLength());
    return found.isEmpty() ? null : ContextItem.diagnostics(Documents.uriOf(editor.getDocument()), found);
  }

  /** Those that touch [start, end]. */
  public static List<Diagnostic> diagnostics(Project project, Document document, int start, int end) {
    List<Diagnostic> out = new ArrayList<>();
    for (RangeHighlighter mark : DocumentMarkupModel.forDocument(document, project, true).getAllHighlighters()) {
      HighlightInfo info = mark.isValid() ? HighlightInfo.fromRangeHighlighter(mark) : null;
      if (info == null || info.getDescription() == null) continue;
      if (info.getSeverity().compareTo(HighlightSeverity.WARNING) < 0) continue;
      if (mark.getEndOffset() < start || mark.getStartOffset() > end) continue;
      boolean error = info.getSeverity().compareTo(HighlightSeverity.ERROR) >= 0;
      Diagnostic diagnostic =
          new Diagnostic(Positions.of(document, mark.getStartOffset(), mark.getEndOffset()), info.getDescription());
      diagnostic.setSeverity(error ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning);
      out.add(diagnostic);
    }
    return out;
  }
}
