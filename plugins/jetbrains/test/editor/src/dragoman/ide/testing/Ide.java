package dragoman.ide.testing;

import com.intellij.core.CoreEncodingRegistry;
import com.intellij.core.CoreFileTypeRegistry;
import com.intellij.mock.MockFileDocumentManagerImpl;
import com.intellij.openapi.application.impl.ApplicationImpl;
import com.intellij.openapi.components.ExtensionAreas;
import com.intellij.openapi.editor.Document;
import com.intellij.openapi.editor.EditorFactory;
import com.intellij.openapi.editor.colors.EditorColorsManager;
import com.intellij.openapi.editor.colors.ex.DefaultColorSchemesManager;
import com.intellij.openapi.editor.impl.DocumentImpl;
import com.intellij.openapi.editor.impl.EditorFactoryImpl;
import com.intellij.openapi.extensions.Extensions;
import com.intellij.openapi.fileEditor.FileDocumentManager;
import com.intellij.openapi.fileEditor.impl.text.TextEditorProvider;
import com.intellij.openapi.fileTypes.FileType;
import com.intellij.openapi.fileTypes.FileTypeRegistry;
import com.intellij.openapi.fileTypes.PlainTextFileType;
import com.intellij.openapi.progress.ProgressManager;
import com.intellij.openapi.progress.impl.CoreProgressManager;
import com.intellij.openapi.util.JDOMUtil;
import com.intellij.openapi.vfs.VirtualFile;
import com.intellij.openapi.vfs.encoding.EncodingManager;
import com.intellij.testFramework.LightVirtualFile;
import com.intellij.util.ui.UIUtil;
import dragoman.ide.settings.Settings;
import java.util.Map;
import java.util.WeakHashMap;
import org.jdom.Element;
import org.picocontainer.MutablePicoContainer;

/**
 * The IDE of 2018.3 without its windows: the real application with the real editors, commands and undo. It is one for all
 * tests of a run, since the platform keeps itself in static fields. On the UI thread.
 *
 * <p>The services are those that the platform's own descriptors name, as far as they are compiled; a handful that belong to
 * parts that are not (code style, clipboard, files) is stood in for.
 */
public final class Ide {
  private static ApplicationImpl application;
  private static final Map<Document, VirtualFile> FILES = new WeakHashMap<>();

  private Ide() {}

  /** Starts it where it does not run yet. */
  public static void start() {
    if (application != null) return;
    application = new ApplicationImpl(false, false, true, true, "dragoman", null);
    Extensions.registerAreaClass(ExtensionAreas.IDEA_PROJECT, null);
    PlatformServices.points(Extensions.getRootArea(), null);
    service(FileDocumentManager.class, new Files());
    service(FileTypeRegistry.class, new CoreFileTypeRegistry());
    service(ProgressManager.class, new CoreProgressManager());
    service(EncodingManager.class, new CoreEncodingRegistry());
    PlatformServices.register(application.getPicoContainer());
    StandIns.register();
    service(TextEditorProvider.class, new TextEditorProvider());
    service(EditorFactory.class, new EditorFactoryImpl()); // the container would take the constructor that wants the keymap
    colours();
    service(Settings.class, new Settings());
  }

  /** {@code instance} is what is found as {@code type}, by whichever name the platform asks. */
  static <T> void service(Class<T> type, T instance) {
    noService(type);
    MutablePicoContainer services = application.getPicoContainer();
    for (Object key : new Object[] {type, type.getName()}) services.registerComponentInstance(key, instance);
  }

  static void noService(Class<?> type) {
    for (Object key : new Object[] {type, type.getName()}) application.getPicoContainer().unregisterComponent(key);
  }

  private static void colours() {
    try {
      DefaultColorSchemesManager schemes = new DefaultColorSchemesManager();
      Element root = JDOMUtil.load(Ide.class.getResourceAsStream("/DefaultColorSchemesManager.xml"));
      schemes.loadState(root.getName().equals("component") ? root : root.getChild("component"));
      service(DefaultColorSchemesManager.class, schemes);
      service(EditorColorsManager.class, new StandIns.Colours(schemes.getFirstScheme()));
    } catch (Exception unreadable) {
      throw new IllegalStateException("the platform's colour schemes", unreadable);
    }
  }

  /** From now on {@code document} is of a file on this machine. */
  static void file(Document document, String path) {
    FILES.put(
        document,
        new LightVirtualFile(path.substring(path.lastIndexOf('/') + 1)) {
          @Override
          public boolean isInLocalFileSystem() {
            return true;
          }

          @Override
          public String getPath() {
            return path;
          }

          @Override
          public FileType getFileType() {
            return PlainTextFileType.INSTANCE;
          }
        });
  }

  /** Runs what was put off for later on the UI thread. */
  public static void settle() {
    UIUtil.dispatchAllInvocationEvents();
  }

  private static final class Files extends MockFileDocumentManagerImpl {
    Files() {
      super(DocumentImpl::new, null);
    }

    @Override
    public VirtualFile getFile(Document document) {
      return FILES.get(document);
    }

    @Override
    public Document getDocument(VirtualFile file) {
      return getCachedDocument(file);
    }

    @Override
    public Document getCachedDocument(VirtualFile file) {
      for (Map.Entry<Document, VirtualFile> known : FILES.entrySet()) if (known.getValue() == file) return known.getKey();
      return null;
    }
  }
}
