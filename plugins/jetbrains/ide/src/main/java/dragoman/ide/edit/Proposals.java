package dragoman.ide.edit;

import com.intellij.openapi.Disposable;
import com.intellij.openapi.editor.Document;
import com.intellij.openapi.editor.Editor;
import com.intellij.openapi.editor.EditorFactory;
import com.intellij.openapi.editor.event.DocumentEvent;
import com.intellij.openapi.editor.event.DocumentListener;
import com.intellij.openapi.editor.event.EditorFactoryEvent;
import com.intellij.openapi.editor.event.EditorFactoryListener;
import com.intellij.openapi.project.Project;
import dragoman.ide.DragomanService;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The project's edits that wait to be accepted, one for a document at most, each with its window. They end with the editor
 * of their document, and with the project. On the UI thread.
 */
public final class Proposals implements Disposable, DocumentListener, EditorFactoryListener {
  /** What shows one. */
  interface Window {
    Proposal proposal();

    /** Whether {@code editor} is a side of it. */
    boolean shows(Editor editor);

    /** What a person can do there, by its buttons and by keys. */
    HunkBar.Actions actions();

    void show();
  }

  private final Executor ui;
  private final Consumer<String> warn;
  private final Function<Proposal, Window> made;
  private final Map<Document, Window> windows = new IdentityHashMap<>();

  public Proposals(Project project) {
    this(
        DragomanService.of(project)::onUi,
        sentence -> DragomanService.of(project).messages().warn(sentence),
        ProposalWindow::new);
    EditorFactory factory = EditorFactory.getInstance();
    factory.getEventMulticaster().addDocumentListener(this, this);
    factory.addEditorFactoryListener(this, this);
  }

  /**
   * @param ui runs tasks on the UI thread, in order, later; not at all once the project is closed
   * @param warn tells a person a sentence
   */
  Proposals(Executor ui, Consumer<String> warn, Function<Proposal, Window> made) {
    this.ui = ui;
    this.warn = warn;
    this.made = made;
  }

  static Proposals of(Project project) {
    return project.getService(Proposals.class);
  }

  /** Shows it, in place of another one for the same document, which ends. */
  void show(Proposal proposal) {
    Document document = proposal.document();
    end(document);
    Window window = made.apply(proposal);
    windows.put(document, window);
    proposal.addListener(new Proposal.Listener() {
      @Override
      public void changed() {}

      @Override
      public void ended() {
        windows.remove(document, window);
      }
    });
    window.show();
  }

  /** The window that {@code editor} is a side of, or null. */
  Window of(Editor editor) {
    if (editor == null) return null;
    return windows.values().stream().filter(window -> window.shows(editor)).findFirst().orElse(null);
  }

  @Override
  public void documentChanged(DocumentEvent event) {
    Window window = windows.get(event.getDocument());
    // Later: a window is not to be closed in the middle of a change.
    if (window != null) ui.execute(() -> follow(window.proposal()));
  }

  @Override
  public void editorReleased(EditorFactoryEvent event) {
    Document document = event.getEditor().getDocument();
    Window window = windows.get(document);
    if (window == null || window.shows(event.getEditor())) return;
    for (Editor other : EditorFactory.getInstance().getAllEditors())
      if (other != event.getEditor() && other.getDocument() == document && !window.shows(other)) return;
    ui.execute(window.proposal()::end);
  }

  @Override
  public void dispose() {
    List.copyOf(windows.values()).forEach(window -> window.proposal().end());
  }

  private void follow(Proposal proposal) {
    // With the last change the window goes, and what it said.
    if (proposal.follow() && proposal.ended()) warn.accept(proposal.note());
  }

  private void end(Document document) {
    Window window = windows.get(document);
    if (window != null) window.proposal().end();
  }
}
