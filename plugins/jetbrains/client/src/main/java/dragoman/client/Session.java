package dragoman.client;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.lsp4j.ApplyWorkspaceEditParams;
import org.eclipse.lsp4j.ApplyWorkspaceEditResponse;
import org.eclipse.lsp4j.ClientCapabilities;
import org.eclipse.lsp4j.ClientInfo;
import org.eclipse.lsp4j.CodeActionCapabilities;
import org.eclipse.lsp4j.CodeActionKindCapabilities;
import org.eclipse.lsp4j.CodeActionLiteralSupportCapabilities;
import org.eclipse.lsp4j.ConfigurationParams;
import org.eclipse.lsp4j.DidChangeConfigurationParams;
import org.eclipse.lsp4j.InitializeParams;
import org.eclipse.lsp4j.InitializedParams;
import org.eclipse.lsp4j.MessageActionItem;
import org.eclipse.lsp4j.MessageParams;
import org.eclipse.lsp4j.PublishDiagnosticsCapabilities;
import org.eclipse.lsp4j.PublishDiagnosticsParams;
import org.eclipse.lsp4j.RegistrationParams;
import org.eclipse.lsp4j.ShowMessageRequestParams;
import org.eclipse.lsp4j.TextDocumentClientCapabilities;
import org.eclipse.lsp4j.UnregistrationParams;
import org.eclipse.lsp4j.WindowClientCapabilities;
import org.eclipse.lsp4j.WindowShowMessageRequestCapabilities;
import org.eclipse.lsp4j.WorkspaceClientCapabilities;
import org.eclipse.lsp4j.WorkspaceEditCapabilities;
import org.eclipse.lsp4j.WorkspaceFolder;

/** One run of the daemon: its process, the connection to it, and the handshake. */
final class Session {
  private final Host host;
  private final Dragoman.Patience patience;
  private final DaemonProcess process;
  private final Connection connection;
  private final Map<String, Consumer<Protocol.StreamEvent>> streams;
  private final CompletableFuture<Void> initialized = new CompletableFuture<>();
  private volatile Consumer<Protocol.Status> onStatus = news -> {};

  private Session(
      Host host,
      DaemonProcess process,
      Dragoman.Patience patience,
      Map<String, Consumer<Protocol.StreamEvent>> streams) {
    this.host = host;
    this.patience = patience;
    this.process = process;
    this.streams = streams;
    connection = new Connection(process.output(), process.input(), new Incoming(), host::log);
  }

  /**
   * Starts the daemon and greets it.
   *
   * @param streams who hears the events of which token; read on the connection's thread
   * @throws DaemonProblem where the system cannot run it
   */
  static Session start(
      Host host,
      Host.Launch launch,
      DaemonFinder.Found found,
      Dragoman.Patience patience,
      Map<String, Consumer<Protocol.StreamEvent>> streams) {
    DaemonProcess process =
        DaemonProcess.start(found.path(), launch.environment(), launch.workingFolder(), host::log);
    Session session = new Session(host, process, patience, streams);
    session.connection.start();
    session.greet(launch);
    return session;
  }

  DragomanServer server() {
    return connection.server();
  }

  long pid() {
    return process.pid();
  }

  /** Completes when the daemon may be asked; fails where it does not come that far. */
  CompletableFuture<Void> initialized() {
    return initialized;
  }

  /** Completes when the daemon is gone. */
  CompletableFuture<Void> ended() {
    return connection.ended();
  }

  /** {@code hear} gets each status, on the connection's thread. */
  void onStatus(Consumer<Protocol.Status> hear) {
    onStatus = hear;
  }

  void sendSettings() {
    JsonObject settings = new JsonObject();
    settings.add("dragoman", host.settings());
    server().didChangeConfiguration(new DidChangeConfigurationParams(settings));
  }

  /** @param key null: forget it */
  void sendKey(String provider, String key) {
    server()
        .keySet(new Protocol.KeySetParams(provider, key))
        .whenComplete((ok, reason) -> {
          if (reason != null && !RequestException.of(reason).gone())
            host.log("the key of " + provider + " was not handed over: " + RequestException.of(reason).getMessage());
        });
  }

  /** Asks the daemon to end, and sees to it that it does. Waits for nothing. */
  void stop() {
    server()
        .shutdown()
        .orTimeout(patience.stopMs() / 2, TimeUnit.MILLISECONDS)
        .whenComplete((ok, reason) -> {
          server().exit();
          connection.close();
        });
    process.killAfter(patience.stopMs());
  }

  private void greet(Host.Launch launch) {
    InitializeParams params = new InitializeParams();
    params.setProcessId((int) ProcessHandle.current().pid());
    params.setClientInfo(new ClientInfo(launch.clientName(), launch.clientVersion()));
    params.setCapabilities(capabilities());
    params.setInitializationOptions(host.settings());
    params.setWorkspaceFolders(host.folders());
    Map<String, String> keys = host.keys();
    server()
        .initialize(params)
        .orTimeout(patience.startMs(), TimeUnit.MILLISECONDS)
        .whenComplete((result, reason) -> {
          if (reason != null) {
            initialized.completeExceptionally(reason);
            return;
          }
          // Keys first, so that the first request finds them.
          keys.forEach(this::sendKey);
          server().initialized(new InitializedParams());
          initialized.complete(null);
        });
  }

  /** No position encoding is named: UTF-16 is what both an IDE's documents and LSP's default count in. */
  private static ClientCapabilities capabilities() {
    WorkspaceClientCapabilities workspace = new WorkspaceClientCapabilities();
    workspace.setApplyEdit(true);
    workspace.setConfiguration(true);
    workspace.setWorkspaceFolders(true);
    WorkspaceEditCapabilities edit = new WorkspaceEditCapabilities();
    edit.setDocumentChanges(true);
    workspace.setWorkspaceEdit(edit);
    TextDocumentClientCapabilities text = new TextDocumentClientCapabilities();
    text.setPublishDiagnostics(new PublishDiagnosticsCapabilities());
    CodeActionKindCapabilities kinds = new CodeActionKindCapabilities(List.of("quickfix", "refactor.rewrite"));
    text.setCodeAction(
        new CodeActionCapabilities(new CodeActionLiteralSupportCapabilities(kinds), false));
    WindowClientCapabilities window = new WindowClientCapabilities();
    window.setWorkDoneProgress(true);
    window.setShowMessage(new WindowShowMessageRequestCapabilities());
    return new ClientCapabilities(workspace, text, window, null);
  }

  /** What the daemon says. Public, because LSP4J calls it by reflection. */
  public final class Incoming implements DragomanClient {
    @Override
    public void progress(Progress params) {
      String token = params.token() == null || !params.token().isJsonPrimitive() ? "" : params.token().getAsString();
      Consumer<Protocol.StreamEvent> stream = streams.get(token);
      if (stream == null) {
        host.workDone(token, params.value());
        return;
      }
      try {
        stream.accept(connection.gson().fromJson(params.value(), Protocol.StreamEvent.class));
      } catch (JsonParseException unreadable) {
        host.log("an event of another shape was passed over: " + unreadable.getMessage());
      }
    }

    @Override
    public CompletableFuture<Void> createProgress(ProgressToken params) {
      return done();
    }

    @Override
    public void status(Protocol.Status status) {
      onStatus.accept(status);
    }

    @Override
    public void showMessage(MessageParams params) {
      host.showMessage(params);
    }

    @Override
    public void logMessage(MessageParams params) {
      host.log(params.getMessage());
    }

    @Override
    public CompletableFuture<MessageActionItem> showMessageRequest(ShowMessageRequestParams params) {
      return host.askPerson(params);
    }

    @Override
    public void publishDiagnostics(PublishDiagnosticsParams params) {
      host.diagnostics(params);
    }

    @Override
    public CompletableFuture<ApplyWorkspaceEditResponse> applyEdit(ApplyWorkspaceEditParams params) {
      return host.applyEdit(params);
    }

    @Override
    public CompletableFuture<List<Object>> configuration(ConfigurationParams params) {
      JsonElement settings = host.settings();
      return CompletableFuture.completedFuture(
          params.getItems().stream()
              .<Object>map(item -> "dragoman".equals(item.getSection()) ? settings : null)
              .toList());
    }

    @Override
    public CompletableFuture<List<WorkspaceFolder>> workspaceFolders() {
      return CompletableFuture.completedFuture(host.folders());
    }

    @Override
    public CompletableFuture<Void> registerCapability(RegistrationParams params) {
      return done();
    }

    @Override
    public CompletableFuture<Void> unregisterCapability(UnregistrationParams params) {
      return done();
    }

    private static CompletableFuture<Void> done() {
      return CompletableFuture.completedFuture(null);
    }
  }
}
