package dragoman.ide.edit;

import com.intellij.diff.DiffContentFactory;
import com.intellij.diff.DiffManager;
import com.intellij.diff.DiffRequestPanel;
import com.intellij.diff.requests.SimpleDiffRequest;
import com.intellij.diff.util.DiffUserDataKeys;
import com.intellij.openapi.application.ApplicationManager;
import com.intellij.openapi.command.CommandProcessor;
import com.intellij.openapi.editor.Document;
import com.intellij.openapi.editor.Editor;
import com.intellij.openapi.editor.EditorFactory;
import com.intellij.openapi.editor.ScrollType;
import com.intellij.openapi.editor.event.CaretEvent;
import com.intellij.openapi.editor.event.CaretListener;
import com.intellij.openapi.fileEditor.FileDocumentManager;
import com.intellij.openapi.fileTypes.FileType;
import com.intellij.openapi.ui.DialogWrapper;
import com.intellij.openapi.vfs.VirtualFile;
import dragoman.ide.DragomanBundle;
import dragoman.ide.DragomanService;
import java.util.List;
import javax.swing.JComponent;
import javax.swing.Timer;

/**
 * A proposal on the screen: the IDE's diff, with the document on the left and the proposal on the right, and below it the
 * buttons of {@link HunkBar}. Both sides live: the right one is a document of our own that is brought up to date once a
 * frame at most, however fast the answer comes. Escape and the window's cross discard what is left. On the UI thread.
 */
final class ProposalWindow extends DialogWrapper implements Proposals.Window, Proposal.Listener {
  /** As often the right side is changed: the diff is computed anew each time. */
  private static final int FRAME_MS = 60;

  private final Proposal proposal;
  private final Document preview;
  private final DiffRequestPanel panel;
  private final HunkBar.Actions actions = new BarActions();
  private final HunkBar bar = new HunkBar(actions);
  private final Timer timer;
  private int current;

  /** Where the caret of the right side was put; while it stands there the growing text is followed. */
  private int followed = -1;

  /** Whether the first change was gone to, once there was one. */
  private boolean placed;

  private boolean disposed;

  ProposalWindow(Proposal proposal) {
    super(proposal.project());
    this.proposal = proposal;
    VirtualFile file = FileDocumentManager.getInstance().getFile(proposal.document());
    FileType type = file == null ? null : file.getFileType();
    String title = DragomanBundle.message("edit.proposal", file == null ? "" : file.getName());
    preview = EditorFactory.getInstance().createDocument(proposal.text());
    DiffContentFactory contents = DiffContentFactory.getInstance();
    SimpleDiffRequest request =
        new SimpleDiffRequest(
            title,
            contents.create(proposal.project(), proposal.document(), type),
            contents.create(proposal.project(), preview, type),
            DragomanBundle.message("edit.now"),
            DragomanBundle.message("edit.proposed"));
    request.putUserData(DiffUserDataKeys.FORCE_READ_ONLY, true); // the buttons are the only way
    panel = DiffManager.getInstance().createRequestPanel(proposal.project(), getDisposable(), null);
    panel.setRequest(request);
    DragomanService service = DragomanService.of(proposal.project());
    timer = new Timer(FRAME_MS, event -> service.onUi(this::draw)); // by the platform's queue, which holds its locks
    timer.setRepeats(false);
    setTitle(title);
    setModal(false);
    init();
    ChangeAction.addKeys(this, getRootPane(), getDisposable());
    proposal.addListener(this);
    EditorFactory.getInstance().getEventMulticaster().addCaretListener(new Carets(), getDisposable());
    changed();
  }

  @Override
  public Proposal proposal() {
    return proposal;
  }

  @Override
  public boolean shows(Editor editor) {
    Document document = editor.getDocument();
    return document == preview || (document == proposal.document() && editor.isViewer());
  }

  @Override
  public HunkBar.Actions actions() {
    return actions;
  }

  @Override
  public void changed() {
    if (!timer.isRunning()) timer.start();
    tell();
  }

  @Override
  public void ended() {
    timer.stop();
    if (!disposed) close(CANCEL_EXIT_CODE);
  }

  @Override
  protected JComponent createCenterPanel() {
    return panel.getComponent();
  }

  /** No default button: Enter in the diff must not accept what nobody looked at. */
  @Override
  protected JComponent createSouthPanel() {
    return bar;
  }

  @Override
  public JComponent getPreferredFocusedComponent() {
    return bar.preferred();
  }

  @Override
  protected String getDimensionServiceKey() {
    return "dragoman.proposal";
  }

  @Override
  protected void doOKAction() {
    proposal.acceptAll();
  }

  @Override
  public void doCancelAction() {
    proposal.end();
  }

  @Override
  protected void dispose() {
    disposed = true;
    proposal.end();
    super.dispose();
  }

  /** Brings the right side up to date, by the least change of it: what does not change keeps its place on the screen. */
  private void draw() {
    if (proposal.ended()) return;
    Texts.Change change = Texts.between(preview.getText(), proposal.text());
    if (!change.isNothing())
      CommandProcessor.getInstance()
          .runUndoTransparentAction(
              () ->
                  ApplicationManager.getApplication()
                      .runWriteAction(() -> preview.replaceString(change.start(), change.end(), change.text())));
    if (proposal.streaming()) followTip();
    else if (!placed) {
      placed = true;
      select(current);
    }
  }

  private void followTip() {
    Editor side = side();
    int tip = Math.min(proposal.tip(), preview.getTextLength());
    if (side == null || tip < 0) return;
    if (followed != -1 && side.getCaretModel().getOffset() != followed) return; // a person looks elsewhere
    followed = tip;
    scrollTo(side, tip, ScrollType.MAKE_VISIBLE);
  }

  /** Goes to hunk {@code index}, or the nearest that there is. */
  private void select(int index) {
    if (proposal.ended()) return;
    int count = proposal.open().size();
    current = Math.max(0, Math.min(index, count - 1));
    tell();
    Editor side = side();
    if (count == 0 || side == null) return;
    int offset = Spans.inPreview(proposal.spans()).get(current).start();
    if (offset <= preview.getTextLength()) scrollTo(side, offset, ScrollType.CENTER);
  }

  private static void scrollTo(Editor editor, int offset, ScrollType how) {
    editor.getCaretModel().moveToOffset(offset);
    editor.getScrollingModel().scrollToCaret(how);
  }

  /** The editor of the right side, or null while the diff has none: it is made when it is first shown. */
  private Editor side() {
    Editor[] sides = EditorFactory.getInstance().getEditors(preview, proposal.project());
    return sides.length == 0 ? null : sides[0];
  }

  private void tell() {
    List<Spans.Span> spans = proposal.spans();
    current = Math.max(0, Math.min(current, spans.size() - 1));
    // Right after a change elsewhere a hunk may stand beyond the text, until `follow` has dropped it.
    int length = proposal.document().getTextLength();
    int line = spans.isEmpty() ? 0 : proposal.document().getLineNumber(Math.min(length, spans.get(current).start())) + 1;
    String note = proposal.streaming() ? DragomanBundle.message("edit.running") + " " + proposal.note() : proposal.note();
    bar.show(new HunkBar.Shown(current, spans.size(), line, proposal.streaming(), note.strip()));
  }

  private int offsetIn(Editor side) {
    int offset = side.getCaretModel().getOffset();
    return side.getDocument() == preview ? Spans.inDocument(proposal.spans(), offset) : offset;
  }

  private final class Carets implements CaretListener {
    @Override
    public void caretPositionChanged(CaretEvent event) {
      Editor side = event.getEditor();
      if (disposed || proposal.open().isEmpty() || !shows(side)) return;
      current = Spans.at(proposal.spans(), offsetIn(side));
      tell();
    }
  }

  private final class BarActions implements HunkBar.Actions {
    @Override
    public void go(int by) {
      select(current + by);
    }

    @Override
    public void accept() {
      if (current >= proposal.open().size()) return;
      proposal.accept(proposal.open().get(current));
      draw(); // the next one is gone to where it then stands
      select(current);
    }

    @Override
    public void discard() {
      if (current >= proposal.open().size()) return;
      proposal.discard(proposal.open().get(current));
      draw();
      select(current);
    }

    @Override
    public void acceptAll() {
      proposal.acceptAll();
    }

    @Override
    public void discardAll() {
      proposal.end();
    }
  }
}
