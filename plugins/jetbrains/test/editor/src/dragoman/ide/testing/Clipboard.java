package dragoman.ide.testing;

import com.intellij.openapi.Disposable;
import com.intellij.openapi.ide.CopyPasteManager;
import java.awt.datatransfer.DataFlavor;
import java.awt.datatransfer.Transferable;

/** The IDE's clipboard, of one entry; a machine without a display has none of its own. */
final class Clipboard extends CopyPasteManager {
  private Transferable contents;

  @Override
  public Transferable getContents() {
    return contents;
  }

  @Override
  public void setContents(Transferable content) {
    contents = content;
  }

  @Override
  public <T> T getContents(DataFlavor flavor) {
    return null;
  }

  @Override
  public Transferable[] getAllContents() {
    return contents == null ? new Transferable[0] : new Transferable[] {contents};
  }

  @Override
  public boolean areDataFlavorsAvailable(DataFlavor... flavors) {
    return false;
  }

  @Override
  public boolean isCutElement(Object element) {
    return false;
  }

  @Override
  public void addContentChangedListener(ContentChangedListener listener) {}

  @Override
  public void addContentChangedListener(ContentChangedListener listener, Disposable parent) {}

  @Override
  public void removeContentChangedListener(ContentChangedListener listener) {}

  @Override
  public void stopKillRings() {}
}
