package dragoman.ide;

import com.google.gson.JsonObject;
import com.intellij.ide.impl.TrustedProjects;
import com.intellij.ide.plugins.IdeaPluginDescriptor;
import com.intellij.ide.plugins.PluginManagerCore;
import com.intellij.openapi.Disposable;
import com.intellij.openapi.application.ApplicationInfo;
import com.intellij.openapi.application.ApplicationManager;
import com.intellij.openapi.application.ModalityState;
import com.intellij.openapi.diagnostic.Logger;
import com.intellij.openapi.extensions.PluginId;
import com.intellij.openapi.project.Project;
import com.intellij.openapi.project.ProjectManager;
import com.intellij.openapi.util.Disposer;
import com.intellij.util.EnvironmentUtil;
import dragoman.client.DaemonProblem;
import dragoman.client.Dragoman;
import dragoman.client.FileUri;
import dragoman.client.Host;
import dragoman.ide.ghost.GhostListener;
import dragoman.ide.settings.Keys;
import dragoman.ide.settings.Settings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.lsp4j.ApplyWorkspaceEditParams;
import org.eclipse.lsp4j.ApplyWorkspaceEditResponse;
import org.eclipse.lsp4j.MessageActionItem;
import org.eclipse.lsp4j.MessageParams;
import org.eclipse.lsp4j.ShowMessageRequestParams;
import org.eclipse.lsp4j.WorkspaceFolder;

/**
 * A project's daemon: started by the first who needs it, ended with the project. What is asked of it is asked through
 * {@link #dragoman}; what it asks comes here and goes to whoever shows it.
 */
public final class DragomanService implements Disposable {
  private static final Logger LOG = Logger.getInstance(DragomanService.class);
  private static final PluginId PLUGIN = PluginId.getId("dragoman");

  private final Project project;
  private final Dragoman dragoman = new Dragoman(new ThisIde());
  private final Documents documents;
  private final Messages messages;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  public DragomanService(Project project) {
    this.project = project;
    documents = new Documents(project, dragoman::server);
    messages = new Messages(project, dragoman);
    documents.listen(this);
    GhostListener.listen(project, this);
  }

  public static DragomanService of(Project project) {
    return project.getService(DragomanService.class);
  }

  public Dragoman dragoman() {
    return dragoman;
  }

  public Documents documents() {
    return documents;
  }

  public Messages messages() {
    return messages;
  }

  /**
   * {@code changed} runs on the UI thread when the daemon's life or status or the project's trust changes, until {@code parent}
   * is disposed of.
   */
  public void onChange(Disposable parent, Runnable changed) {
    listeners.add(changed);
    Disposer.register(parent, () -> listeners.remove(changed));
  }

  /** Runs on the UI thread, later; not at all once the project is closed. */
  public void onUi(Runnable run) {
    onUi(run, () -> {});
  }

  /** As above; {@code closed} runs where the project is closed. */
  public void onUi(Runnable run, Runnable closed) {
    ApplicationManager.getApplication()
        .invokeLater(() -> (project.isDisposed() ? closed : run).run(), ModalityState.any());
  }

  /**
   * As {@link #onUi}, for what changes the text of a file: not while a modal dialog is open, when the platform forbids that.
   * {@code closed} runs where the project is closed.
   */
  private void onUiToChange(Runnable run, Runnable closed) {
    ApplicationManager.getApplication()
        .invokeLater(() -> (project.isDisposed() ? closed : run).run(), ModalityState.defaultModalityState());
  }

  /** Whether the IDE trusts the project. Any thread. */
  public boolean trusted() {
    return !project.isDisposed() && TrustedProjects.isTrusted(project);
  }

  /** A person trusts the project now, or no longer does. */
  void trustChanged() {
    dragoman.trustChanged();
    onUi(() -> listeners.forEach(Runnable::run));
  }

  /** Those of all open projects: each has a daemon of its own, and settings are for all of them. Any thread. */
  public static List<DragomanService> everywhere() {
    return Arrays.stream(ProjectManager.getInstance().getOpenProjects())
        .filter(project -> !project.isDisposed())
        .map(DragomanService::of)
        .toList();
  }

  /** How a daemon is started here; {@code program} as the settings have it. May wait, for a shell's environment. */
  public static Host.Launch launch(String program) {
    IdeaPluginDescriptor plugin = PluginManagerCore.getPlugin(PLUGIN);
    Path folder = plugin == null ? null : plugin.getPluginPath();
    ApplicationInfo ide = ApplicationInfo.getInstance();
    return new Host.Launch(
        program,
        folder,
        EnvironmentUtil.getEnvironmentMap(), // of a login shell where the IDE was started from a dock
        folder,
        ide.getFullApplicationName(),
        ide.getFullVersion());
  }

  @Override
  public void dispose() {
    dragoman.close();
  }

  /** The IDE around the client; its methods run on the client's threads. */
  private final class ThisIde implements Host {
    @Override
    public boolean trusted() {
      return DragomanService.this.trusted();
    }

    @Override
    public Launch launch() {
      return DragomanService.launch(Settings.get().getState().program);
    }

    @Override
    public JsonObject settings() {
      return Settings.get().overlay();
    }

    @Override
    public Map<String, String> keys() {
      return Keys.all();
    }

    @Override
    public List<WorkspaceFolder> folders() {
      String base = project.getBasePath();
      return base == null ? List.of() : List.of(new WorkspaceFolder(FileUri.of(base), project.getName()));
    }

    @Override
    public void log(String line) {
      LOG.info(line);
    }

    @Override
    public void changed() {
      onUi(() -> listeners.forEach(Runnable::run));
    }

    @Override
    public void started() {
      onUi(documents::reopen);
    }

    @Override
    public void failed(DaemonProblem problem) {
      onUi(() -> messages.show(problem));
    }

    @Override
    public void showMessage(MessageParams message) {
      onUi(() -> messages.show(message));
    }

    @Override
    public CompletableFuture<MessageActionItem> askPerson(ShowMessageRequestParams question) {
      CompletableFuture<MessageActionItem> answer = new CompletableFuture<>();
      onUi(() -> messages.ask(question, answer));
      return answer;
    }

    @Override
    public CompletableFuture<ApplyWorkspaceEditResponse> applyEdit(ApplyWorkspaceEditParams edit) {
      CompletableFuture<ApplyWorkspaceEditResponse> answer = new CompletableFuture<>();
      onUiToChange(() -> answer.complete(Edits.apply(project, documents, edit)), () -> answer.cancel(false));
      return answer;
    }
  }
}
