package dragoman.chat;

import dragoman.client.Protocol;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * What a chat asks of the daemon. Nothing here waits; futures may complete on any thread, and fail with what
 * {@link dragoman.client.RequestException#of} understands. Cancelling a future of {@code send} stops the answer.
 */
public interface Backend {
  /** {@code onEvent} is called in order, on one thread at a time, and not after the future has completed. */
  CompletableFuture<Protocol.ChatResult> send(Protocol.ChatSend what, Consumer<Protocol.StreamEvent> onEvent);

  CompletableFuture<Protocol.Conversation> get(String conversation);

  CompletableFuture<Protocol.ChatList> list(Protocol.ChatListParams what);

  CompletableFuture<?> rename(String conversation, String title);

  CompletableFuture<?> delete(String conversation);

  CompletableFuture<Protocol.Fork> fork(String conversation, String turn);

  CompletableFuture<Protocol.Export> export(String conversation, String format);

  CompletableFuture<Protocol.Models> models(boolean refresh);
}
