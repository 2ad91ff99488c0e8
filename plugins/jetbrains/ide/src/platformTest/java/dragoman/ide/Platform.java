package dragoman.ide;

import com.intellij.core.CoreApplicationEnvironment;
import com.intellij.mock.MockFileDocumentManagerImpl;
import com.intellij.openapi.Disposable;
import com.intellij.openapi.command.CommandProcessor;
import com.intellij.openapi.editor.Document;
import com.intellij.openapi.editor.Editor;
import com.intellij.openapi.editor.EditorFactory;
import com.intellij.openapi.editor.impl.DocumentImpl;
import com.intellij.openapi.fileEditor.FileDocumentManager;
import com.intellij.openapi.util.Disposer;
import com.intellij.openapi.util.Key;
import com.intellij.openapi.vfs.VirtualFile;
import com.intellij.testFramework.LightVirtualFile;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The IntelliJ platform of 2018.3, headless: real application, disposer, commands and documents. What its jars lack is made
 * here, as little as will do: the list of editors, and which file a document belongs to.
 */
public final class Platform implements AutoCloseable {
  /** What stands in for a method; {@code arguments} is null where it has none. */
  public interface Answer {
    Object to(String method, Object[] arguments);
  }

  private final Disposable root = Disposer.newDisposable();
  private final Map<Document, VirtualFile> files = new HashMap<>();
  private List<Editor> editors = List.of();

  public Platform() {
    CoreApplicationEnvironment environment = new CoreApplicationEnvironment(root, true);
    // In place of the environment's own, which knows no files.
    CoreApplicationEnvironment.registerComponentInstance(
        environment.getApplication().getPicoContainer(), FileDocumentManager.class, new MockFileDocumentManagerImpl(DocumentImpl::new, Key.create("document")) {
      @Override
      public VirtualFile getFile(Document document) {
        return files.get(document);
      }
    });
    environment.getApplication().registerService(EditorFactory.class, new Editors(() -> editors));
  }

  @Override
  public void close() {
    Disposer.dispose(root);
  }

  /** A document of a file on this machine. */
  public Document document(String path, String text) {
    return document(new LocalFile(path), text);
  }

  /** A document of {@code file}, or of none where that is null. */
  public Document document(VirtualFile file, String text) {
    // Not bound to a UI thread, which there is not.
    Document document = new DocumentImpl(text, true);
    if (file != null) files.put(document, file);
    return document;
  }

  /** A file on this machine, as far as the plugin looks at one. */
  public static final class LocalFile extends LightVirtualFile {
    private String path;
    private boolean local = true;

    public LocalFile(String path) {
      super(path);
      move(path);
    }

    /** As a rename or a move does: the file is the same. */
    public void move(String to) {
      path = to;
    }

    /** Another file system has taken it over, as one on another machine does. */
    public void leave() {
      local = false;
    }

    @Override
    public String getName() {
      return path.substring(path.lastIndexOf('/') + 1);
    }

    @Override
    public boolean isInLocalFileSystem() {
      return local;
    }

    @Override
    public String getPath() {
      return path;
    }
  }

  public EditorFactory editors() {
    return EditorFactory.getInstance();
  }

  /** These are all the editors there are. */
  public void show(Editor... shown) {
    editors = List.of(shown);
  }

  /** Runs {@code change} as one command, as every change of a document has to be. */
  public static void command(Runnable change) {
    CommandProcessor.getInstance().executeCommand(null, change, "change", null);
  }

  /** Something of {@code type} that does nothing but what {@code answer} does. */
  public static <T> T fake(Class<T> type, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (method.getDeclaringClass() == Object.class) return ofObject(proxy, method, arguments, type);
              Object answered = answer.to(method.getName(), arguments);
              return answered == null && method.getReturnType() == boolean.class ? Boolean.FALSE : answered;
            }));
  }

  private static Object ofObject(Object proxy, Method method, Object[] arguments, Class<?> type) {
    return switch (method.getName()) {
      case "hashCode" -> System.identityHashCode(proxy);
      case "equals" -> proxy == arguments[0];
      default -> type.getSimpleName();
    };
  }
}
