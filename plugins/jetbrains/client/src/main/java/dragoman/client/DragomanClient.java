package dragoman.client;

import com.google.gson.JsonElement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.eclipse.lsp4j.ApplyWorkspaceEditParams;
import org.eclipse.lsp4j.ApplyWorkspaceEditResponse;
import org.eclipse.lsp4j.ConfigurationParams;
import org.eclipse.lsp4j.MessageActionItem;
import org.eclipse.lsp4j.MessageParams;
import org.eclipse.lsp4j.PublishDiagnosticsParams;
import org.eclipse.lsp4j.RegistrationParams;
import org.eclipse.lsp4j.ShowMessageRequestParams;
import org.eclipse.lsp4j.UnregistrationParams;
import org.eclipse.lsp4j.WorkspaceFolder;
import org.eclipse.lsp4j.jsonrpc.services.JsonNotification;
import org.eclipse.lsp4j.jsonrpc.services.JsonRequest;

/**
 * What the daemon asks and tells. Not LSP4J's LanguageClient: that one takes every {@code $/progress} with a {@code kind}
 * for a progress bar. Called on the connection's reading thread, in the order of arrival; nothing here may wait.
 */
public interface DragomanClient {
  /** {@code token} is a string or a number. */
  record Progress(JsonElement token, JsonElement value) {}

  record ProgressToken(JsonElement token) {}

  @JsonNotification("$/progress")
  void progress(Progress params);

  @JsonRequest("window/workDoneProgress/create")
  CompletableFuture<Void> createProgress(ProgressToken params);

  @JsonNotification("dragoman/status")
  void status(Protocol.Status status);

  @JsonNotification("window/showMessage")
  void showMessage(MessageParams params);

  @JsonNotification("window/logMessage")
  void logMessage(MessageParams params);

  @JsonRequest("window/showMessageRequest")
  CompletableFuture<MessageActionItem> showMessageRequest(ShowMessageRequestParams params);

  @JsonNotification("textDocument/publishDiagnostics")
  void publishDiagnostics(PublishDiagnosticsParams params);

  @JsonRequest("workspace/applyEdit")
  CompletableFuture<ApplyWorkspaceEditResponse> applyEdit(ApplyWorkspaceEditParams params);

  @JsonRequest("workspace/configuration")
  CompletableFuture<List<Object>> configuration(ConfigurationParams params);

  @JsonRequest("workspace/workspaceFolders")
  CompletableFuture<List<WorkspaceFolder>> workspaceFolders();

  @JsonRequest("client/registerCapability")
  CompletableFuture<Void> registerCapability(RegistrationParams params);

  @JsonRequest("client/unregisterCapability")
  CompletableFuture<Void> unregisterCapability(UnregistrationParams params);
}
