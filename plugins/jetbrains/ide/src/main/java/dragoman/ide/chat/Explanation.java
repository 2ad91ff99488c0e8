package dragoman.ide.chat;

import com.intellij.openapi.editor.Document;
import com.intellij.openapi.editor.Editor;
import com.intellij.openapi.project.Project;
import dragoman.client.Protocol.ContextItem;
import dragoman.ide.Documents;
import dragoman.ide.DragomanBundle;
import dragoman.ide.Positions;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.lsp4j.Diagnostic;

/**
 * The question what code means: the selection, else the caret's line among those around it; with the problems that the IDE
 * shows there.
 */
record Explanation(String prompt, List<ContextItem> context) {
  /** Lines before the caret's and behind it that are taken along. */
  static final int AROUND = 60;

  /** On the UI thread. */
  static Explanation of(Project project, Editor editor) {
    Document document = editor.getDocument();
    int start = editor.getSelectionModel().getSelectionStart();
    int end = editor.getSelectionModel().getSelectionEnd();
    List<Diagnostic> problems = Attachable.diagnostics(project, document, start, end);
    String prompt = DragomanBundle.message("chat.explain");
    if (start == end) {
      int line = document.getLineNumber(start);
      int last = Math.min(line + AROUND, Math.max(0, document.getLineCount() - 1));
      String text = text(document, line).strip();
      prompt = DragomanBundle.message(text.isEmpty() ? "chat.explain.at" : "chat.explain.line", String.valueOf(line + 1), text);
      start = document.getLineStartOffset(Math.max(0, line - AROUND));
      end = document.getLineEndOffset(last);
    }
    String uri = Documents.uriOf(document);
    List<ContextItem> context = new ArrayList<>();
    context.add(ContextItem.range(uri, Positions.of(document, start, end)));
    if (!problems.isEmpty()) context.add(ContextItem.diagnostics(uri, problems));
    return new Explanation(prompt, List.copyOf(context));
  }

  private static String text(Document document, int line) {
    int start = document.getLineStartOffset(line);
    return document.getCharsSequence().subSequence(start, document.getLineEndOffset(line)).toString();
  }
}
