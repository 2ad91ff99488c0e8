package dragoman.client;

import com.google.gson.JsonElement;
import java.util.concurrent.CompletableFuture;
import org.eclipse.lsp4j.CodeActionParams;
import org.eclipse.lsp4j.DidChangeConfigurationParams;
import org.eclipse.lsp4j.DidChangeTextDocumentParams;
import org.eclipse.lsp4j.DidChangeWatchedFilesParams;
import org.eclipse.lsp4j.DidChangeWorkspaceFoldersParams;
import org.eclipse.lsp4j.DidCloseTextDocumentParams;
import org.eclipse.lsp4j.DidOpenTextDocumentParams;
import org.eclipse.lsp4j.DidSaveTextDocumentParams;
import org.eclipse.lsp4j.ExecuteCommandParams;
import org.eclipse.lsp4j.InitializeParams;
import org.eclipse.lsp4j.InitializeResult;
import org.eclipse.lsp4j.InitializedParams;
import org.eclipse.lsp4j.WorkDoneProgressCancelParams;
import org.eclipse.lsp4j.jsonrpc.services.JsonNotification;
import org.eclipse.lsp4j.jsonrpc.services.JsonRequest;

/**
 * What the daemon can be asked and told. A request's future fails with {@link RequestException} only, and cancelling it
 * (itself, not one made from it) cancels the request. Futures complete on the connection's reading thread: who goes on
 * from there and takes long goes elsewhere first.
 */
public interface DragomanServer {
  // LSP

  @JsonRequest("initialize")
  CompletableFuture<InitializeResult> initialize(InitializeParams params);

  @JsonNotification("initialized")
  void initialized(InitializedParams params);

  @JsonRequest("shutdown")
  CompletableFuture<Object> shutdown();

  @JsonNotification("exit")
  void exit();

  @JsonNotification("textDocument/didOpen")
  void didOpen(DidOpenTextDocumentParams params);

  @JsonNotification("textDocument/didChange")
  void didChange(DidChangeTextDocumentParams params);

  @JsonNotification("textDocument/didClose")
  void didClose(DidCloseTextDocumentParams params);

  @JsonNotification("textDocument/didSave")
  void didSave(DidSaveTextDocumentParams params);

  @JsonNotification("workspace/didChangeConfiguration")
  void didChangeConfiguration(DidChangeConfigurationParams params);

  @JsonNotification("workspace/didChangeWatchedFiles")
  void didChangeWatchedFiles(DidChangeWatchedFilesParams params);

  @JsonNotification("workspace/didChangeWorkspaceFolders")
  void didChangeWorkspaceFolders(DidChangeWorkspaceFoldersParams params);

  @JsonNotification("window/workDoneProgress/cancel")
  void cancelProgress(WorkDoneProgressCancelParams params);

  /** The daemon's actions: an array of CodeAction, each with a command. */
  @JsonRequest("textDocument/codeAction")
  CompletableFuture<JsonElement> codeActions(CodeActionParams params);

  @JsonRequest("workspace/executeCommand")
  CompletableFuture<JsonElement> executeCommand(ExecuteCommandParams params);

  // Ghost text

  @JsonRequest("textDocument/inlineCompletion")
  CompletableFuture<Protocol.InlineCompletions> inlineCompletion(Protocol.InlineCompletionParams params);

  @JsonNotification("textDocument/didShowCompletion")
  void didShowCompletion(Protocol.ShownCompletion params);

  @JsonNotification("textDocument/didPartiallyAcceptCompletion")
  void didPartiallyAcceptCompletion(Protocol.PartlyAcceptedCompletion params);

  @JsonNotification("textDocument/didFocus")
  void didFocus(Protocol.Focus params);

  @JsonRequest("dragoman/trail")
  CompletableFuture<Protocol.Trail> trail(Protocol.TrailParams params);

  // Chat

  @JsonRequest("dragoman/chat/send")
  CompletableFuture<Protocol.ChatResult> chatSend(Protocol.ChatSend params);

  @JsonRequest("dragoman/chat/list")
  CompletableFuture<Protocol.ChatList> chatList(Protocol.ChatListParams params);

  @JsonRequest("dragoman/chat/get")
  CompletableFuture<Protocol.Conversation> chatGet(Protocol.ConversationParams params);

  @JsonRequest("dragoman/chat/rename")
  CompletableFuture<JsonElement> chatRename(Protocol.RenameParams params);

  @JsonRequest("dragoman/chat/delete")
  CompletableFuture<JsonElement> chatDelete(Protocol.ConversationParams params);

  @JsonRequest("dragoman/chat/fork")
  CompletableFuture<Protocol.Fork> chatFork(Protocol.ForkParams params);

  @JsonRequest("dragoman/chat/export")
  CompletableFuture<Protocol.Export> chatExport(Protocol.ExportParams params);

  // The rest

  @JsonRequest("dragoman/edit")
  CompletableFuture<Protocol.EditResult> edit(Protocol.EditParams params);

  @JsonRequest("dragoman/commitMessage")
  CompletableFuture<Protocol.CommitMessage> commitMessage(Protocol.CommitMessageParams params);

  @JsonRequest("dragoman/models")
  CompletableFuture<Protocol.Models> models(Protocol.ModelsParams params);

  @JsonRequest("dragoman/selectModel")
  CompletableFuture<Protocol.SelectedModel> selectModel(Protocol.SelectModelParams params);

  @JsonRequest("dragoman/balance")
  CompletableFuture<Protocol.Balances> balance(Protocol.BalanceParams params);

  @JsonRequest("dragoman/usage")
  CompletableFuture<Protocol.UsageRows> usage(Protocol.UsageParams params);

  @JsonRequest("dragoman/sent")
  CompletableFuture<Protocol.Sent> sent(Protocol.SentParams params);

  @JsonRequest("dragoman/key/set")
  CompletableFuture<JsonElement> keySet(Protocol.KeySetParams params);

  @JsonRequest("dragoman/key/status")
  CompletableFuture<Protocol.KeyStates> keyStatus();

  @JsonRequest("dragoman/config")
  CompletableFuture<Protocol.Config> config(Protocol.ConfigParams params);

  @JsonRequest("dragoman/trust")
  CompletableFuture<Protocol.Trust> trust(Protocol.TrustParams params);
}
