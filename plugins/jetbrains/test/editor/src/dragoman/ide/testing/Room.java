package dragoman.ide.testing;

import com.intellij.notification.Notification;
import com.intellij.notification.Notifications;
import com.intellij.notification.NotificationsAdapter;
import com.intellij.openapi.Disposable;
import com.intellij.openapi.application.ApplicationManager;
import com.intellij.openapi.command.CommandProcessor;
import com.intellij.openapi.command.undo.UndoManager;
import com.intellij.openapi.editor.Caret;
import com.intellij.openapi.editor.Document;
import com.intellij.openapi.editor.EditorFactory;
import com.intellij.openapi.editor.EditorKind;
import com.intellij.openapi.editor.EditorModificationUtil;
import com.intellij.openapi.editor.Inlay;
import com.intellij.openapi.editor.impl.EditorImpl;
import com.intellij.openapi.fileEditor.TextEditor;
import com.intellij.openapi.fileEditor.impl.text.TextEditorProvider;
import com.intellij.openapi.project.Project;
import com.intellij.openapi.util.Disposer;
import dragoman.ide.DragomanService;
import java.awt.Component;
import java.awt.Container;
import java.awt.Graphics2D;
import java.awt.Point;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import javax.swing.JComponent;

/** A project with one editor, and what a person does in it. Carets are written into texts as {@code |}. On the UI thread. */
public final class Room implements AutoCloseable {
  private final Disposable life = Disposer.newDisposable();
  private final TestProject project;
  private final Document document;
  private final EditorImpl editor;
  private final List<String> told = new ArrayList<>();

  /** @param text the document, with a caret in it */
  public Room(String text) {
    this(null, text);
  }

  /** @param path the document's file; null where it is none */
  public Room(String path, String text) {
    Ide.start();
    project = new TestProject(life);
    project.getMessageBus().connect(life).subscribe(Notifications.TOPIC, new NotificationsAdapter() {
      @Override
      public void notify(Notification notification) {
        told.add(notification.getContent());
      }
    });
    project.registerService(DragomanService.class, new DragomanService(project));
    document = EditorFactory.getInstance().createDocument(text.replace("|", ""));
    editor = (EditorImpl) EditorFactory.getInstance().createEditor(document, project, EditorKind.MAIN_EDITOR);
    if (path != null) Ide.file(document, path); // not before: an editor of a file wants a tool bar of the IDE's actions
    editor.getCaretModel().moveToOffset(text.indexOf('|'));
  }

  @Override
  public void close() {
    closeEditor();
    Disposer.dispose(life);
  }

  /** Closes the editor alone. */
  public void closeEditor() {
    if (!editor.isDisposed()) EditorFactory.getInstance().releaseEditor(editor);
  }

  public Project project() {
    return project;
  }

  public EditorImpl editor() {
    return editor;
  }

  public Document document() {
    return document;
  }

  /** The notifications so far. */
  public List<String> told() {
    return told;
  }

  /** The document with its carets. */
  public String text() {
    StringBuilder out = new StringBuilder(document.getText());
    List<Integer> carets = new ArrayList<>();
    for (Caret caret : editor.getCaretModel().getAllCarets()) carets.add(0, caret.getOffset());
    carets.forEach(offset -> out.insert(offset.intValue(), "|"));
    return out.toString();
  }

  /** Each character as a step of its own, at every caret. */
  public void type(String text) {
    for (int i = 0; i < text.length(); ++i) {
      String key = text.substring(i, i + 1);
      change("Typing", () -> EditorModificationUtil.typeInStringAtCaretHonorMultipleCarets(editor, key, false));
    }
  }

  /** Removes what stands before the caret. */
  public void backspace() {
    int offset = editor.getCaretModel().getOffset();
    change("Backspace", () -> document.deleteString(offset - 1, offset));
  }

  /** A change by a program: reformatting, another plugin. */
  public void change(String name, Runnable change) {
    CommandProcessor.getInstance()
        .executeCommand(project, () -> ApplicationManager.getApplication().runWriteAction(change), name, null);
    Ide.settle();
  }

  public void moveTo(int offset) {
    editor.getCaretModel().moveToOffset(offset);
    Ide.settle();
  }

  public void addCaret(int offset) {
    editor.getCaretModel().addCaret(editor.offsetToVisualPosition(offset));
    Ide.settle();
  }

  public void fold(int start, int end) {
    editor.getFoldingModel()
        .runBatchFoldingOperation(() -> editor.getFoldingModel().addFoldRegion(start, end, "...").setExpanded(false));
    Ide.settle();
  }

  /** Takes the last step back, as the IDE's key does. */
  public void undo() {
    UndoManager.getInstance(project).undo(here());
    Ide.settle();
  }

  /** The menu's words for the step that {@link #undo} would take back. */
  public String undoName() {
    return UndoManager.getInstance(project).getUndoActionNameAndDescription(here()).getFirst().replace("_", "");
  }

  public boolean canUndo() {
    return UndoManager.getInstance(project).isUndoAvailable(here());
  }

  private TextEditor here() {
    return TextEditorProvider.getInstance().getTextEditor(editor);
  }

  /** The inlays on the lines, and then those between them. */
  public List<Inlay<?>> inlays() {
    List<Inlay<?>> out = new ArrayList<>();
    for (Inlay<?> inlay : editor.getInlayModel().getInlineElementsInRange(0, document.getTextLength())) out.add(inlay);
    for (Inlay<?> inlay : editor.getInlayModel().getBlockElementsInRange(0, document.getTextLength())) out.add(inlay);
    return out;
  }

  /** What the text looks like, {@code width} by {@code height} pixels. */
  public BufferedImage picture(int width, int height) {
    return paint(editor.getContentComponent(), width, height, 1);
  }

  /** The editor as it stands in a window, with its gutter and from its first line; each pixel is {@code scale} dots wide. */
  public BufferedImage window(int width, int height, int scale) {
    editor.getSettings().setAdditionalLinesCount(0);
    editor.getScrollPane().getViewport().setViewPosition(new Point());
    return paint(editor.getComponent(), width, height, scale);
  }

  private static BufferedImage paint(JComponent what, int width, int height, int scale) {
    what.setSize(width, height);
    layOut(what);
    BufferedImage picture = new BufferedImage(width * scale, height * scale, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    graphics.scale(scale, scale);
    graphics.setClip(0, 0, width, height);
    what.paint(graphics);
    graphics.dispose();
    return picture;
  }

  /** What a window does for what it holds, and there is none. */
  private static void layOut(Container what) {
    what.doLayout();
    for (Component part : what.getComponents()) if (part instanceof Container inner) layOut(inner);
  }
}
