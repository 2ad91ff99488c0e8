package dragoman.ide;

import com.intellij.openapi.Disposable;
import com.intellij.openapi.editor.Document;
import com.intellij.openapi.editor.Editor;
import com.intellij.openapi.editor.EditorFactory;
import com.intellij.openapi.editor.EditorKind;
import com.intellij.openapi.editor.event.EditorEventMulticaster;
import com.intellij.openapi.editor.event.EditorFactoryListener;
import com.intellij.openapi.fileTypes.FileType;
import com.intellij.openapi.project.Project;
import com.intellij.openapi.vfs.VirtualFile;
import java.util.List;
import java.util.function.Supplier;

/** The one thing of the platform's editor factory that the plugin asks for: which editors there are. */
final class Editors extends EditorFactory {
  private final Supplier<List<Editor>> all;

  Editors(Supplier<List<Editor>> all) {
    this.all = all;
  }

  @Override
  public Editor[] getAllEditors() {
    return all.get().toArray(new Editor[0]);
  }

  private static UnsupportedOperationException unasked() {
    return new UnsupportedOperationException("nothing in the plugin asks for this");
  }

  @Override
  public Document createDocument(CharSequence text) {
    throw unasked();
  }

  @Override
  public Document createDocument(char[] text) {
    throw unasked();
  }

  @Override
  public Editor createEditor(Document document) {
    throw unasked();
  }

  @Override
  public Editor createViewer(Document document) {
    throw unasked();
  }

  @Override
  public Editor createEditor(Document document, Project project) {
    throw unasked();
  }

  @Override
  public Editor createEditor(Document document, Project project, EditorKind kind) {
    throw unasked();
  }

  @Override
  public Editor createEditor(Document document, Project project, FileType type, boolean viewer) {
    throw unasked();
  }

  @Override
  public Editor createEditor(Document document, Project project, VirtualFile file, boolean viewer) {
    throw unasked();
  }

  @Override
  public Editor createEditor(Document document, Project project, VirtualFile file, boolean viewer, EditorKind kind) {
    throw unasked();
  }

  @Override
  public Editor createViewer(Document document, Project project) {
    throw unasked();
  }

  @Override
  public Editor createViewer(Document document, Project project, EditorKind kind) {
    throw unasked();
  }

  @Override
  public void releaseEditor(Editor editor) {
    throw unasked();
  }

  @Override
  public Editor[] getEditors(Document document, Project project) {
    throw unasked();
  }

  @Override
  @SuppressWarnings("deprecation")
  public void addEditorFactoryListener(EditorFactoryListener listener) {
    throw unasked();
  }

  @Override
  public void addEditorFactoryListener(EditorFactoryListener listener, Disposable parent) {
    throw unasked();
  }

  @Override
  @SuppressWarnings("deprecation")
  public void removeEditorFactoryListener(EditorFactoryListener listener) {
    throw unasked();
  }

  @Override
  public EditorEventMulticaster getEventMulticaster() {
    throw unasked();
  }

  @Override
  public void refreshAllEditors() {
    throw unasked();
  }
}
