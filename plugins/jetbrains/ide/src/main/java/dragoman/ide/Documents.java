package dragoman.ide;

import com.intellij.openapi.Disposable;
import com.intellij.openapi.editor.Document;
import com.intellij.openapi.editor.Editor;
import com.intellij.openapi.editor.EditorFactory;
import com.intellij.openapi.editor.event.DocumentEvent;
import com.intellij.openapi.editor.event.DocumentListener;
import com.intellij.openapi.editor.event.EditorFactoryEvent;
import com.intellij.openapi.editor.event.EditorFactoryListener;
import com.intellij.openapi.fileEditor.FileDocumentManager;
import com.intellij.openapi.project.Project;
import com.intellij.openapi.vfs.VirtualFile;
import dragoman.chat.Attachment;
import dragoman.client.DragomanServer;
import dragoman.client.FileUri;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.eclipse.lsp4j.DidChangeTextDocumentParams;
import org.eclipse.lsp4j.DidCloseTextDocumentParams;
import org.eclipse.lsp4j.DidOpenTextDocumentParams;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.TextDocumentContentChangeEvent;
import org.eclipse.lsp4j.TextDocumentIdentifier;
import org.eclipse.lsp4j.TextDocumentItem;
import org.eclipse.lsp4j.VersionedTextDocumentIdentifier;

/**
 * Keeps the daemon told of the texts that are open in the project's editors, change by change. Belongs to the UI thread,
 * where every change of a document happens: what is sent is in order, and nothing is copied but what changed.
 *
 * <p>A document is known to one run of the daemon. When another one runs, it knows none, and {@link #reopen} tells it.
 * A document outlives its file's name: one whose file was renamed or moved is closed under the old name and opened under
 * the new one, before anything is asked or told of it ({@link #follow}).
 * Files on this machine only: the texts of consoles, diffs and input fields are nobody's business.
 */
public final class Documents implements DocumentListener, EditorFactoryListener {
  private final Project project;
  private final Supplier<DragomanServer> server;

  /** The URI under which the daemon knows a document, of what path that was made, and the version of its text. */
  private record Known(String path, String uri, int version) {
    static Known of(String path, int version) {
      return new Known(path, FileUri.of(path), version);
    }

    Known next() {
      return new Known(path, uri, version + 1);
    }
  }

  /** What {@link #told} knows. */
  private final Map<Document, Known> known = new IdentityHashMap<>();

  private DragomanServer told;

  /** @param server the daemon that runs, or null */
  Documents(Project project, Supplier<DragomanServer> server) {
    this.project = project;
    this.server = server;
  }

  /** Listens until {@code parent} is disposed of. */
  void listen(Disposable parent) {
    EditorFactory factory = EditorFactory.getInstance();
    factory.getEventMulticaster().addDocumentListener(this, parent);
    factory.addEditorFactoryListener(this, parent);
  }

  /** The document's URI as the daemon knows it, or null where it is none of ours. Any thread, and without a look at the disk. */
  public static String uriOf(Document document) {
    String path = pathOf(document);
    return path == null ? null : FileUri.of(path);
  }

  /** Whether it is the text of a file on this machine. Cheap: asked at each keystroke. */
  public static boolean isOurs(Document document) {
    return isOurs(FileDocumentManager.getInstance().getFile(document));
  }

  private static boolean isOurs(VirtualFile file) {
    return file != null && file.isInLocalFileSystem() && file.isValid();
  }

  private static String pathOf(Document document) {
    VirtualFile file = FileDocumentManager.getInstance().getFile(document);
    return isOurs(file) ? file.getPath() : null;
  }

  /** A file's path as from the project's folder, for a person to read; the last part of what is no file. */
  public static String shorten(Project project, String uri) {
    String base = project.getBasePath();
    try {
      Path path = Path.of(URI.create(uri));
      return base != null && path.startsWith(base) ? Path.of(base).relativize(path).toString() : path.toString();
    } catch (IllegalArgumentException | FileSystemNotFoundException notAFile) {
      return Attachment.lastPart(uri);
    }
  }

  /** Sees to it that the daemon that runs knows the document, by the name that it has now. False where it cannot. */
  public boolean open(Document document) {
    if (current() == null) return false;
    follow();
    if (known.containsKey(document)) return true;
    String path = pathOf(document);
    if (path == null) return false;
    tell(document, Known.of(path, 1));
    return true;
  }

  /**
   * Tells the daemon of every file that is called otherwise, or is gone, since it was told of it. To be called before
   * anything is asked in which an open text may take part: what may be sent of a file depends on its name.
   */
  public void follow() {
    if (current() != null) List.copyOf(known.keySet()).forEach(document -> rename(document, known.get(document).version()));
  }

  /** The version that the daemon knows of the document, or null where it does not know it. */
  public Integer versionOf(Document document) {
    Known now = current() == null ? null : known.get(document);
    return now == null ? null : now.version();
  }

  /** Tells a daemon that was just started of everything that is open. */
  void reopen() {
    for (Editor editor : EditorFactory.getInstance().getAllEditors()) opened(editor);
  }

  @Override
  public void editorCreated(EditorFactoryEvent event) {
    opened(event.getEditor());
  }

  @Override
  public void editorReleased(EditorFactoryEvent event) {
    Document document = event.getEditor().getDocument();
    if (current() == null || !known.containsKey(document)) return;
    for (Editor other : EditorFactory.getInstance().getAllEditors())
      if (other != event.getEditor() && other.getDocument() == document && other.getProject() == project) return;
    close(document);
  }

  @Override
  public void documentChanged(DocumentEvent event) {
    Document document = event.getDocument();
    Known before = current() == null ? null : known.get(document);
    if (before == null || rename(document, before.version() + 1)) return;
    Known now = before.next();
    known.put(document, now);
    TextDocumentContentChangeEvent change =
        new TextDocumentContentChangeEvent(oldRange(event), event.getNewFragment().toString());
    told.didChange(
        new DidChangeTextDocumentParams(new VersionedTextDocumentIdentifier(now.uri(), now.version()), List.of(change)));
  }

  /**
   * Where a known document's file has another name than it was told by: closes it there, and opens it under the new one,
   * if that is still one of ours, as {@code version}. Versions go on, so that an edit of an older text stays one.
   *
   * @return whether that was so
   */
  private boolean rename(Document document, int version) {
    String path = pathOf(document);
    if (known.get(document).path().equals(path)) return false;
    close(document);
    if (path != null) tell(document, Known.of(path, version));
    return true;
  }

  private void tell(Document document, Known now) {
    String language = Languages.idOf(FileDocumentManager.getInstance().getFile(document));
    known.put(document, now);
    told.didOpen(
        new DidOpenTextDocumentParams(new TextDocumentItem(now.uri(), language, now.version(), document.getText())));
  }

  private void close(Document document) {
    told.didClose(new DidCloseTextDocumentParams(new TextDocumentIdentifier(known.remove(document).uri())));
  }

  /** What was replaced, in positions of the text as it was. What stands before it has not changed. */
  private static Range oldRange(DocumentEvent event) {
    Position start = Positions.of(event.getDocument(), event.getOffset());
    CharSequence old = event.getOldFragment();
    int lines = 0;
    int column = start.getCharacter();
    for (int i = 0; i < old.length(); ++i) {
      ++column;
      if (old.charAt(i) != '\n') continue;
      ++lines;
      column = 0;
    }
    return new Range(start, new Position(start.getLine() + lines, column));
  }

  private void opened(Editor editor) {
    if (editor.getProject() == project) open(editor.getDocument());
  }

  /** The daemon that runs; what an earlier one knew is forgotten. */
  private DragomanServer current() {
    DragomanServer now = server.get();
    if (now != told) {
      known.clear();
      told = now;
    }
    return now;
  }
}
