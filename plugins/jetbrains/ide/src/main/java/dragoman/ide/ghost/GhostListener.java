package dragoman.ide.ghost;

import com.intellij.openapi.Disposable;
import com.intellij.openapi.editor.Editor;
import com.intellij.openapi.editor.EditorFactory;
import com.intellij.openapi.editor.event.CaretEvent;
import com.intellij.openapi.editor.event.CaretListener;
import com.intellij.openapi.editor.event.DocumentEvent;
import com.intellij.openapi.editor.event.DocumentListener;
import com.intellij.openapi.editor.event.EditorEventMulticaster;
import com.intellij.openapi.project.Project;
import dragoman.ide.DragomanService;

/** Hears what happens in the project's editors on behalf of the suggestions that are shown in them. On the UI thread. */
public final class GhostListener implements DocumentListener, CaretListener {
  private final Project project;

  private GhostListener(Project project) {
    this.project = project;
  }

  /** Listens until {@code parent} is disposed of. */
  public static void listen(Project project, Disposable parent) {
    GhostListener listener = new GhostListener(project);
    EditorEventMulticaster editors = EditorFactory.getInstance().getEventMulticaster();
    editors.addDocumentListener(listener, parent);
    if (!GhostPresenter.PLATFORM_DRAWS) editors.addCaretListener(listener, parent);
  }

  @Override
  public void documentChanged(DocumentEvent event) {
    for (Editor editor : EditorFactory.getInstance().getAllEditors()) {
      if (editor.getDocument() != event.getDocument() || editor.getProject() != project) continue;
      Ghost.changed(editor, event);
      if (!GhostPresenter.PLATFORM_DRAWS) redraw(editor, event);
    }
  }

  private void redraw(Editor editor, DocumentEvent event) {
    GhostPresenter presenter = GhostPresenter.of(editor);
    if (presenter.follow() || event.getNewLength() == 0 || !Ghost.enabledIn(editor)) return;
    // The caret follows the text only after this event.
    DragomanService.of(project).onUi(() -> presenter.ask(false));
  }

  /** Told while the text is still being changed, too: what it means is looked at when that is over. */
  @Override
  public void caretPositionChanged(CaretEvent event) {
    look(event);
  }

  /** A second caret is added without any of them moving. */
  @Override
  public void caretAdded(CaretEvent event) {
    look(event);
  }

  private void look(CaretEvent event) {
    Editor editor = event.getEditor();
    if (editor.getProject() == project && GhostPresenter.showsIn(editor))
      DragomanService.of(project).onUi(GhostPresenter.of(editor)::caretMoved);
  }
}
