package dragoman.chat;

import dragoman.client.Dragoman;
import dragoman.client.Protocol;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A daemon, as a chat asks it. */
public final class DaemonBackend implements Backend {
  private final Dragoman dragoman;

  public DaemonBackend(Dragoman dragoman) {
    this.dragoman = dragoman;
  }

  @Override
  public CompletableFuture<Protocol.ChatResult> send(Protocol.ChatSend what, Consumer<Protocol.StreamEvent> onEvent) {
    return dragoman.chat(what, onEvent);
  }

  @Override
  public CompletableFuture<Protocol.Conversation> get(String conversation) {
    return dragoman.ask(server -> server.chatGet(new Protocol.ConversationParams(conversation)));
  }

  @Override
  public CompletableFuture<Protocol.ChatList> list(Protocol.ChatListParams what) {
    return dragoman.ask(server -> server.chatList(what));
  }

  @Override
  public CompletableFuture<?> rename(String conversation, String title) {
    return dragoman.ask(server -> server.chatRename(new Protocol.RenameParams(conversation, title)));
  }

  @Override
  public CompletableFuture<?> delete(String conversation) {
    return dragoman.ask(server -> server.chatDelete(new Protocol.ConversationParams(conversation)));
  }

  @Override
  public CompletableFuture<Protocol.Fork> fork(String conversation, String turn) {
    return dragoman.ask(server -> server.chatFork(new Protocol.ForkParams(conversation, turn)));
  }

  @Override
  public CompletableFuture<Protocol.Export> export(String conversation, String format) {
    return dragoman.ask(server -> server.chatExport(new Protocol.ExportParams(conversation, format)));
  }

  @Override
  public CompletableFuture<Protocol.Models> models(boolean refresh) {
    return dragoman.ask(server -> server.models(new Protocol.ModelsParams(null, refresh ? true : null)));
  }
}
