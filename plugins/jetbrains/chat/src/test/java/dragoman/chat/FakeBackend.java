package dragoman.chat;

import dragoman.client.Protocol;
import dragoman.client.Protocol.ChatResult;
import dragoman.client.Protocol.ChatSend;
import dragoman.client.Protocol.LeftOut;
import dragoman.client.Protocol.StreamEvent;
import dragoman.client.Protocol.Usage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** A daemon whose lines a test speaks, and a UI thread that runs when the test says so. */
public final class FakeBackend implements Backend {
  public final List<ChatSend> sent = new ArrayList<>();
  public final List<CompletableFuture<ChatResult>> answers = new ArrayList<>();
  public final Map<String, Protocol.Conversation> kept = new HashMap<>();
  public final List<String> deleted = new ArrayList<>();
  public final List<Protocol.ChatListParams> searches = new ArrayList<>();
  public List<Protocol.ChatHead> heads = List.of();
  public String model = "g/m";
  /** How many secrets were masked in the question that ends next; null for none. */
  public Integer masked;
  private final List<Consumer<StreamEvent>> streams = new ArrayList<>();

  /** Tasks for the UI thread that have not run. */
  public final Deque<Runnable> tasks = new ArrayDeque<>();

  public final Executor ui = tasks::add;

  public void runUi() {
    while (!tasks.isEmpty()) tasks.poll().run();
  }

  public void begin(int request, String conversation, String turn) {
    begin(request, conversation, turn, null, null);
  }

  /** {@code leftOut} and {@code secrets} may be null. */
  public void begin(int request, String conversation, String turn, LeftOut leftOut, Integer secrets) {
    tell(
        request,
        new StreamEvent(
            "begin", conversation, turn, model, null, null, null, null, leftOut, secrets, null, null, null, null));
  }

  public void text(int request, String text) {
    tell(request, event("text", text));
  }

  public void reasoning(int request, String text) {
    tell(request, event("reasoning", text));
  }

  public void retry(int request, String reason) {
    tell(request, new StreamEvent("retry", null, null, null, null, 1, 10L, reason, null, null, null, null, null, null));
  }

  /** An event of which only the text is known, which may be null as well. */
  public static StreamEvent event(String kind, String text) {
    return new StreamEvent(kind, null, null, null, text, null, null, null, null, null, null, null, null, null);
  }

  public void tell(int request, StreamEvent event) {
    streams.get(request).accept(event);
  }

  public void end(int request, String conversation, String turn, String why) {
    answers
        .get(request)
        .complete(
            new ChatResult(conversation, turn, "", null, null, model, why, new Usage(1200, 34, null, null),
                new Protocol.Money(0.0123, "USD"), null, masked));
  }

  @Override
  public CompletableFuture<ChatResult> send(ChatSend what, Consumer<StreamEvent> onEvent) {
    sent.add(what);
    streams.add(onEvent);
    CompletableFuture<ChatResult> answer = new CompletableFuture<>();
    answers.add(answer);
    return answer;
  }

  @Override
  public CompletableFuture<Protocol.Conversation> get(String conversation) {
    Protocol.Conversation found = kept.get(conversation);
    return found == null
        ? CompletableFuture.failedFuture(new IllegalArgumentException("no such conversation"))
        : CompletableFuture.completedFuture(found);
  }

  @Override
  public CompletableFuture<Protocol.ChatList> list(Protocol.ChatListParams what) {
    searches.add(what);
    return CompletableFuture.completedFuture(new Protocol.ChatList(heads));
  }

  @Override
  public CompletableFuture<?> rename(String conversation, String title) {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletableFuture<?> delete(String conversation) {
    deleted.add(conversation);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletableFuture<Protocol.Fork> fork(String conversation, String turn) {
    return CompletableFuture.completedFuture(new Protocol.Fork(conversation + "-fork"));
  }

  @Override
  public CompletableFuture<Protocol.Export> export(String conversation, String format) {
    return CompletableFuture.completedFuture(new Protocol.Export(""));
  }

  @Override
  public CompletableFuture<Protocol.Models> models(boolean refresh) {
    return CompletableFuture.completedFuture(new Protocol.Models(List.of(), Map.of(), List.of()));
  }
}
