package dragoman.client;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.eclipse.lsp4j.ApplyWorkspaceEditParams;
import org.eclipse.lsp4j.ApplyWorkspaceEditResponse;
import org.eclipse.lsp4j.MessageActionItem;
import org.eclipse.lsp4j.MessageParams;
import org.eclipse.lsp4j.PublishDiagnosticsParams;
import org.eclipse.lsp4j.ShowMessageRequestParams;
import org.eclipse.lsp4j.WorkspaceFolder;

/** What {@link Dragoman} needs of the editor around it, and what it tells. Called on the client's threads, never on a UI thread. */
public interface Host {
  /**
   * How to start.
   *
   * @param program where the daemon is, as the settings say; null or empty where they do not
   * @param bundle the plugin's folder, which may hold {@code bin/<platform>/dragoman}; may be null
   * @param environment what the daemon gets, and where PATH is looked up: on macOS the one of a login shell
   * @param clientName the editor, as LSP's {@code clientInfo} has it
   */
  record Launch(
      String program,
      Path bundle,
      Map<String, String> environment,
      Path workingFolder,
      String clientName,
      String clientVersion) {}

  /**
   * Whether the editor trusts the project. Nothing of the project may run anything before that, and so no daemon is started.
   * Asked at each start; {@link Dragoman#trustChanged} is told of changes.
   */
  boolean trusted();

  /** Asked at each start. May wait, for a shell's environment, say. */
  Launch launch();

  /** The settings that go to the daemon, as docs/configuration.md has them; none that a project could have set. */
  JsonObject settings();

  /** Keys by provider. Asked at each start, handed over before any other request. May wait for a keychain. */
  Map<String, String> keys();

  /** The project's folders. */
  List<WorkspaceFolder> folders();

  /** A line for the log: the daemon's stderr, and what goes wrong with it. Holds no key. */
  void log(String line);

  /** {@link Dragoman#life}, {@link Dragoman#status} or what runs has changed. */
  void changed();

  /** A daemon was started and initialized; its documents are to be opened. */
  void started();

  /** There is no daemon, and none will be tried. Told once, until {@link Dragoman#restart}. */
  void failed(DaemonProblem problem);

  void showMessage(MessageParams message);

  /** Completes with null where the person turned away. */
  CompletableFuture<MessageActionItem> askPerson(ShowMessageRequestParams question);

  CompletableFuture<ApplyWorkspaceEditResponse> applyEdit(ApplyWorkspaceEditParams edit);

  /** What is wrong with a configuration file. */
  default void diagnostics(PublishDiagnosticsParams params) {}

  /** A {@code $/progress} with a begin, report or end for a progress bar; {@code token} is the daemon's own or the request's. */
  default void workDone(String token, JsonElement value) {}
}
