package dragoman.chat.view;

import java.awt.Image;
import java.awt.datatransfer.Clipboard;
import java.awt.datatransfer.DataFlavor;
import java.awt.datatransfer.Transferable;
import java.awt.datatransfer.UnsupportedFlavorException;
import java.awt.event.InputEvent;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.swing.JComponent;
import javax.swing.TransferHandler;

/**
 * What is pasted into the question or dropped on the chat: files and pictures are attached, everything else is text as ever.
 * Where a clipboard holds a text and a picture, the text is meant: cells of a spreadsheet come with a picture of themselves.
 */
final class Incoming extends TransferHandler {
  private static final long serialVersionUID = 1L;

  interface Sink {
    void files(List<Path> paths);

    void picture(Image picture);
  }

  /** RFC 2483, which file managers of Linux and IDEs give. */
  private static final DataFlavor URI_LIST = flavor("text/uri-list;class=java.lang.String");

  private final transient Sink sink;

  /** What the component does with text; null where it takes none. */
  private final transient TransferHandler text;

  Incoming(Sink sink, TransferHandler text) {
    this.sink = sink;
    this.text = text;
  }

  @Override
  public boolean canImport(TransferSupport support) {
    if (takes(support)) return copies(support);
    return text != null && text.canImport(support);
  }

  @Override
  public boolean importData(TransferSupport support) {
    try {
      List<Path> files = files(support.getTransferable());
      if (!files.isEmpty()) {
        sink.files(files);
        return true;
      }
      if (takesPicture(support)) {
        sink.picture((Image) support.getTransferable().getTransferData(DataFlavor.imageFlavor));
        return true;
      }
    } catch (IOException | UnsupportedFlavorException gone) {
      return false; // whoever offered it has changed its mind
    }
    return text != null && text.importData(support);
  }

  @Override
  public void exportToClipboard(JComponent component, Clipboard clipboard, int action) {
    if (text != null) text.exportToClipboard(component, clipboard, action);
  }

  @Override
  public void exportAsDrag(JComponent component, InputEvent event, int action) {
    if (text != null) text.exportAsDrag(component, event, action);
  }

  @Override
  public int getSourceActions(JComponent component) {
    return text == null ? NONE : text.getSourceActions(component);
  }

  /** A file manager that believes its files moved might take them away: they are copied, or not taken. */
  private static boolean copies(TransferSupport support) {
    if (!support.isDrop()) return true;
    if ((support.getSourceDropActions() & COPY) == 0) return false;
    support.setDropAction(COPY);
    return true;
  }

  private static boolean takes(TransferSupport support) {
    return support.isDataFlavorSupported(DataFlavor.javaFileListFlavor)
        || support.isDataFlavorSupported(URI_LIST)
        || takesPicture(support);
  }

  private static boolean takesPicture(TransferSupport support) {
    return support.isDataFlavorSupported(DataFlavor.imageFlavor)
        && !support.isDataFlavorSupported(DataFlavor.stringFlavor);
  }

  private static List<Path> files(Transferable what) throws IOException, UnsupportedFlavorException {
    List<Path> out = new ArrayList<>();
    if (what.isDataFlavorSupported(DataFlavor.javaFileListFlavor)) {
      for (Object file : (List<?>) what.getTransferData(DataFlavor.javaFileListFlavor))
        if (file instanceof File one) out.add(one.toPath());
    } else if (what.isDataFlavorSupported(URI_LIST)) {
      for (String line : ((String) what.getTransferData(URI_LIST)).split("\r?\n")) {
        Path path = line.startsWith("file:") ? path(line.strip()) : null;
        if (path != null) out.add(path);
      }
    }
    return out;
  }

  /** Null where it is no file of this machine. */
  private static Path path(String uri) {
    try {
      return Path.of(URI.create(uri));
    } catch (IllegalArgumentException | FileSystemNotFoundException notOne) {
      return null;
    }
  }

  private static DataFlavor flavor(String type) {
    try {
      return new DataFlavor(type);
    } catch (ClassNotFoundException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
