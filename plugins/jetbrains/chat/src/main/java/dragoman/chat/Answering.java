package dragoman.chat;

import dragoman.client.Protocol.ChatResult;
import dragoman.client.Protocol.ChatSend;
import dragoman.client.Protocol.StreamEvent;
import dragoman.client.RequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * One request under way: brings its events to the UI thread in their order, its end last, pieces of text joined. While
 * the UI thread is busy they wait here, and one task is posted for all of them. Made, stopped and heard on the UI thread.
 */
final class Answering {
  interface Listener {
    void grew(String reasoning, String text);

    /** begin, retry, fallback and whatever else is no text. */
    void heard(StreamEvent event);

    void finished(ChatResult result);

    void failed(RequestException reason);
  }

  private final Executor ui;
  private final Listener listener;
  private CompletableFuture<ChatResult> future;
  private boolean left;

  /** Guards the three below; nothing is called while it is held. */
  private final Object lock = new Object();

  private List<StreamEvent> waiting = new ArrayList<>();
  private Runnable end;
  private boolean posted;

  private Answering(Executor ui, Listener listener) {
    this.ui = ui;
    this.listener = listener;
  }

  static Answering begin(Backend backend, ChatSend what, Executor ui, Listener listener) {
    Answering answering = new Answering(ui, listener);
    answering.future = backend.send(what, answering::event);
    answering.future.whenComplete(
        (result, reason) ->
            answering.post(
                null,
                reason == null
                    ? () -> listener.finished(result)
                    : () -> listener.failed(RequestException.of(reason))));
    return answering;
  }

  /** Ends the answer; its end is still heard. */
  void stop() {
    future.cancel(true);
  }

  /** Ends the answer, and nothing more is heard of it. */
  void leave() {
    left = true;
    stop();
  }

  private void event(StreamEvent event) {
    post(event, null);
  }

  private void post(StreamEvent event, Runnable last) {
    synchronized (lock) {
      if (event != null) waiting.add(event);
      if (last != null) end = last;
      if (posted) return;
      posted = true;
    }
    ui.execute(this::drain);
  }

  private void drain() {
    List<StreamEvent> events;
    Runnable last;
    synchronized (lock) {
      events = waiting;
      last = end;
      waiting = new ArrayList<>();
      end = null;
      posted = false;
    }
    StringBuilder reasoning = new StringBuilder();
    StringBuilder text = new StringBuilder();
    for (StreamEvent event : events) {
      String kind = event.kind() == null ? "" : event.kind();
      String piece = event.text() == null ? "" : event.text();
      if (kind.equals("text")) {
        text.append(piece);
      } else if (kind.equals("reasoning")) {
        reasoning.append(piece);
      } else {
        tell(reasoning, text);
        if (!left) listener.heard(event);
      }
    }
    tell(reasoning, text);
    if (last == null || left) return;
    left = true; // a piece that a cancelled request still sends is none of the answer's
    last.run();
  }

  private void tell(StringBuilder reasoning, StringBuilder text) {
    if (!left && reasoning.length() + text.length() > 0) listener.grew(reasoning.toString(), text.toString());
    reasoning.setLength(0);
    text.setLength(0);
  }
}
