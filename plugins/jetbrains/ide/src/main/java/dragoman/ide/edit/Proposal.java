package dragoman.ide.edit;

import com.intellij.diff.DiffContentFactory;
import com.intellij.diff.DiffManager;
import com.intellij.diff.DiffRequestPanel;
import com.intellij.diff.requests.SimpleDiffRequest;
import com.intellij.openapi.editor.Document;
import com.intellij.openapi.editor.Editor;
import com.intellij.openapi.fileEditor.FileDocumentManager;
import com.intellij.openapi.fileTypes.FileType;
import com.intellij.openapi.project.Project;
import com.intellij.openapi.ui.DialogWrapper;
import com.intellij.openapi.vfs.VirtualFile;
import dragoman.ide.DragomanBundle;
import dragoman.ide.DragomanService;
import dragoman.ide.Edits;
import java.util.List;
import javax.swing.JComponent;
import org.eclipse.lsp4j.TextEdit;

/**
 * A change that waits to be accepted: a window with the document on the left and the proposal on the right. The document
 * changes by accepting alone, in one step to undo; it may be worked on meanwhile, and a change that no longer fits what
 * stands there is refused. On the UI thread.
 */
public final class Proposal extends DialogWrapper {
  private final Project project;
  private final Hunks hunks;
  private final DiffRequestPanel panel;

  private Proposal(Project project, Hunks hunks) {
    super(project);
    this.project = project;
    this.hunks = hunks;
    VirtualFile file = FileDocumentManager.getInstance().getFile(hunks.document());
    FileType type = file == null ? null : file.getFileType();
    String title = DragomanBundle.message("edit.proposal", file == null ? "" : file.getName());
    DiffContentFactory contents = DiffContentFactory.getInstance();
    panel = DiffManager.getInstance().createRequestPanel(project, getDisposable(), null);
    panel.setRequest(
        new SimpleDiffRequest(
            title,
            contents.create(project, hunks.document().getText(), type),
            contents.create(project, hunks.preview(), type),
            DragomanBundle.message("edit.now"),
            DragomanBundle.message("edit.proposed")));
    setTitle(title);
    setModal(false);
    setOKButtonText(DragomanBundle.message("edit.accept"));
    setCancelButtonText(DragomanBundle.message("edit.discard"));
    init();
  }

  /** Shows edits that were made for the document as it is now, or says that they change nothing. */
  public static void ofEdits(Project project, Document document, List<TextEdit> edits) {
    offer(project, Hunks.of(document, edits));
  }

  /** Shows code of an answer in place of the selection where there is one, else of the whole file. */
  public static void ofCode(Project project, Editor editor, String code) {
    Document document = editor.getDocument();
    boolean whole = !editor.getSelectionModel().hasSelection();
    int start = whole ? 0 : editor.getSelectionModel().getSelectionStart();
    int end = whole ? document.getTextLength() : editor.getSelectionModel().getSelectionEnd();
    String old = document.getCharsSequence().subSequence(start, end).toString();
    offer(project, Hunks.of(document, start, end, Texts.inPlaceOf(old, code, whole)));
  }

  /** Puts code of an answer at the cursor, in place of the selection where there is one. */
  public static void insert(Project project, Editor editor, String code) {
    Document document = editor.getDocument();
    if (!document.isWritable() || editor.isViewer()) {
      DragomanService.of(project).messages().warn(DragomanBundle.message("edit.readOnly"));
      return;
    }
    boolean selected = editor.getSelectionModel().hasSelection();
    int start = selected ? editor.getSelectionModel().getSelectionStart() : editor.getCaretModel().getOffset();
    int end = selected ? editor.getSelectionModel().getSelectionEnd() : start;
    Edits.command(project, DragomanBundle.message("edit.insert"), () -> {
      document.replaceString(start, end, code);
      editor.getCaretModel().moveToOffset(start + code.length());
    });
  }

  private static void offer(Project project, Hunks hunks) {
    if (hunks.isEmpty()) DragomanService.of(project).messages().tell(DragomanBundle.message("edit.nothing"));
    else new Proposal(project, hunks).show();
  }

  @Override
  protected JComponent createCenterPanel() {
    return panel.getComponent();
  }

  @Override
  public JComponent getPreferredFocusedComponent() {
    return panel.getPreferredFocusedComponent();
  }

  @Override
  protected String getDimensionServiceKey() {
    return "dragoman.proposal";
  }

  @Override
  protected void doOKAction() {
    if (!hunks.apply(project, DragomanBundle.message("edit.title")))
      DragomanService.of(project).messages().warn(DragomanBundle.message("edit.refused"));
    hunks.release();
    super.doOKAction();
  }

  @Override
  public void doCancelAction() {
    hunks.release();
    super.doCancelAction();
  }
}
