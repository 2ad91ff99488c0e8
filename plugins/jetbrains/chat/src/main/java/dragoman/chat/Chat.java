package dragoman.chat;

import dragoman.client.Protocol;
import dragoman.client.Protocol.ChatResult;
import dragoman.client.Protocol.ChatSend;
import dragoman.client.Protocol.ChatTurn;
import dragoman.client.Protocol.ContextItem;
import dragoman.client.Protocol.StreamEvent;
import dragoman.client.RequestException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.eclipse.lsp4j.TextDocumentIdentifier;

/**
 * One conversation: its turns, what is attached to the next question, and the request that runs, of which there is one at
 * most. Holds no rule of its own: what a question becomes is the daemon's business. Confined to the UI thread; what comes
 * back for a conversation that is shown no more is dropped.
 */
public final class Chat {
  /** Hears of what the transcript does not tell. */
  public interface Listener {
    /** The conversation is another or has another title. */
    void titleChanged();

    void modelChanged();

    void attachmentsChanged();

    /** {@link #notice} is another. */
    default void noticeChanged() {}

    /** A question that was not asked goes back to where it was written. */
    default void returned(String question) {}
  }

  /** Where the chat stands. */
  public record Surroundings(
      Backend backend,
      /* Runs tasks on the UI thread, in order, later. It may drop them once the project is closed. */
      Executor ui,
      Words words,
      /* The URI of the document that is being worked on, or null: by it the daemon knows the project. */
      Supplier<String> currentDocument,
      /* Turns a URI into the path that a person knows. */
      UnaryOperator<String> shorten) {}

  /** What was there before a question was asked; a question that is refused leaves no trace. */
  private record Before(List<Turn> turns, List<List<ContextItem>> items, String title, List<Attachment> attachments) {}

  private static final int TITLE = 60;

  /** Of many files that cannot be attached, so many are named. */
  private static final int MOST_REFUSALS = 3;

  /** What goes along with one question, in characters: the daemon's connection ends at a message of more than 64 MiB. */
  private static final int ATTACHED_LIMIT = 48 * 1024 * 1024;

  private final Surroundings around;
  private final Transcript transcript = new Transcript();
  private final List<Listener> listeners = new ArrayList<>();
  private final List<Attachment> attachments = new ArrayList<>();

  /** What each turn's question took along. */
  private final List<List<ContextItem>> items = new ArrayList<>();

  private String conversation = "";
  private String title = "";
  private String model = "";
  private String notice = "";
  private Answering running;

  /** Counts conversations shown: what was asked for before the newest one came has nothing to say any more. */
  private int era;

  public Chat(Surroundings around) {
    this.around = around;
  }

  public Transcript transcript() {
    return transcript;
  }

  public void addListener(Listener listener) {
    listeners.add(listener);
  }

  /** The daemon's id, or "" where nothing was asked yet. */
  public String conversation() {
    return conversation;
  }

  public String title() {
    return title;
  }

  /** {@code provider/model} that the next question goes to, or "" for the configured one. */
  public String model() {
    return model;
  }

  public List<Attachment> attachments() {
    return Collections.unmodifiableList(attachments);
  }

  /** Why the next question is not asked as it is, or does not take something along; or "". */
  public String notice() {
    return notice;
  }

  /** A conversation that is empty. */
  public void clear() {
    leave();
    ++era;
    conversation = "";
    items.clear();
    transcript.show(List.of());
    setTitle("");
    setModel("");
  }

  /**
   * Shows a conversation that the daemon keeps. Where it has no such one, what is shown stays and the future fails with
   * {@link RequestException}. Completes on the UI thread.
   */
  public CompletableFuture<Void> open(String id) {
    int asked = ++era;
    return onUi(around.backend().get(id), kept -> {
      if (era == asked) show(kept);
    });
  }

  /** The conversation was renamed elsewhere. */
  public void renamed(String now) {
    setTitle(now);
  }

  public void setModel(String now) {
    model = now;
    listeners.forEach(Listener::modelChanged);
  }

  /** One that is attached already is not attached twice; what is too much for one question is refused by its name. */
  public void attach(List<Attachment> more) {
    setNotice("");
    add(more);
  }

  /** Attaches what was taken in; what was not is said. {@code coming} may complete on any thread. */
  public void take(CompletableFuture<List<Intake.Taken>> coming) {
    coming.whenComplete((taken, failed) -> around.ui().execute(() -> {
      if (failed != null) {
        setNotice(RequestException.of(failed).getMessage());
        return;
      }
      setNotice(taken.stream().map(Intake.Taken::refusal).filter(why -> why != null).limit(MOST_REFUSALS)
          .collect(Collectors.joining(" ")));
      add(taken.stream().map(Intake.Taken::attachment).filter(one -> one != null).toList());
    }));
  }

  /** What makes attachments of files and pictures. */
  public Intake intake() {
    return new Intake(around.words(), around.shorten());
  }

  public void attachItem(ContextItem item) {
    attach(List.of(Attachment.of(item, around.words(), around.shorten())));
  }

  public void detach(int index) {
    attachments.remove(index);
    setNotice("");
    listeners.forEach(Listener::attachmentsChanged);
  }

  /** False where nothing was sent: the question is empty, or an answer is being written. */
  public boolean send(String prompt) {
    if (transcript.streaming() || prompt.isBlank()) return false;
    List<Attachment> taken = List.copyOf(attachments);
    attachments.clear();
    listeners.forEach(Listener::attachmentsChanged);
    ask(prompt, taken);
    return true;
  }

  /**
   * Asks in a conversation of its own about {@code context} alone: what is attached waits for the next question. False where
   * nothing was sent, as {@link #send}.
   */
  public boolean sendAnew(String prompt, List<ContextItem> context) {
    if (transcript.streaming() || prompt.isBlank()) return false;
    clear();
    ask(prompt, context.stream().map(item -> Attachment.of(item, around.words(), around.shorten())).toList());
    return true;
  }

  private void ask(String prompt, List<Attachment> taken) {
    setNotice("");
    List<ContextItem> context = taken.stream().map(Attachment::item).toList();
    List<String> names = taken.stream().map(Attachment::name).toList();
    ask(transcript.size(), prompt, context, Turn.Head.asked("", prompt, names, model), null, taken);
  }

  /** Asks the question of a turn again; {@code prompt} is another one, or null for the same. */
  public void retry(int index, String prompt) {
    Turn turn = transcript.turn(index);
    if (turn == null || transcript.streaming() || (prompt != null && prompt.isBlank())) return;
    Turn.Head old = turn.head();
    String question = prompt == null ? old.prompt() : prompt;
    // A daemon that was killed over a conversation's first answer may not have written it down: it begins anew.
    if (index == 0 && old.lost()) conversation = "";
    String replaced = old.id().isEmpty() || conversation.isEmpty() ? null : old.id();
    ask(index, question, items.get(index), Turn.Head.asked("", question, old.attached(), model), replaced, List.of());
  }

  /** Has a broken answer written to its end. */
  public void goOn(int index) {
    Turn turn = transcript.turn(index);
    if (turn == null || !turn.head().canContinue() || transcript.streaming()) return;
    Turn.Head old = turn.head();
    transcript.begin(
        index,
        new Turn(
            Turn.Head.asked(old.id(), old.prompt(), old.attached(), old.model()), turn.reasoning(), turn.text()));
    items.subList(index + 1, items.size()).clear();
    run(index, sending(old.prompt(), null, old.id(), true), null);
  }

  /** Goes on in a copy that ends with a turn. Ends as {@link #open} does. */
  public CompletableFuture<Void> fork(int index) {
    Turn turn = transcript.turn(index);
    if (turn == null || !turn.head().canFork()) return CompletableFuture.completedFuture(null);
    int asked = ++era;
    return around.backend().fork(conversation, turn.head().id())
        .thenCompose(copy -> around.backend().get(copy.conversation()))
        .thenAcceptAsync(kept -> {
          if (era == asked) show(kept);
        }, around.ui());
  }

  public void stop() {
    if (running != null) running.stop();
  }

  /** The view is gone. What had arrived is kept by the daemon. */
  public void dispose() {
    leave();
    ++era;
  }

  private void show(Protocol.Conversation kept) {
    leave();
    conversation = kept.id();
    items.clear();
    List<Turn> turns = new ArrayList<>();
    for (ChatTurn turn : kept.turns()) {
      items.add(turn.context() == null ? List.of() : turn.context());
      turns.add(shown(turn));
    }
    transcript.show(turns);
    setTitle(kept.title());
    setModel(kept.turns().isEmpty() ? "" : orEmpty(kept.turns().get(kept.turns().size() - 1).model()));
  }

  private void ask(
      int index, String prompt, List<ContextItem> context, Turn.Head head, String replaced, List<Attachment> taken) {
    ++era; // a conversation that is still being read comes too late
    Before before = new Before(List.copyOf(transcript.turns()), List.copyOf(items), title, taken);
    items.subList(index, items.size()).clear();
    items.add(context);
    if (transcript.size() == 0) setTitle(firstLine(prompt));
    transcript.begin(index, new Turn(head, "", ""));
    run(index, sending(prompt, context, replaced, null), before);
  }

  private ChatSend sending(String prompt, List<ContextItem> context, String replaced, Boolean goOn) {
    String uri = around.currentDocument().get();
    return new ChatSend(
        conversation.isEmpty() ? null : conversation,
        uri == null ? null : new TextDocumentIdentifier(uri),
        prompt,
        context,
        model.isEmpty() ? null : model,
        null,
        replaced,
        goOn,
        null);
  }

  private void run(int index, ChatSend what, Before before) {
    running = Answering.begin(around.backend(), what, around.ui(), new Answering.Listener() {
      @Override
      public void grew(String reasoning, String text) {
        transcript.grow(index, reasoning, text);
      }

      @Override
      public void heard(StreamEvent event) {
        Chat.this.heard(index, event);
      }

      @Override
      public void finished(ChatResult result) {
        running = null;
        Chat.this.finished(index, result);
      }

      @Override
      public void failed(RequestException reason) {
        running = null;
        boolean begun = !transcript.turn(index).head().id().isEmpty();
        if (before == null || begun || reason.cancelled()) Chat.this.failed(index, reason);
        else refused(index, before, reason);
      }
    });
  }

  private void heard(int index, StreamEvent event) {
    switch (event.kind() == null ? "" : event.kind()) {
      case "begin" -> {
        if (event.conversation() != null && !event.conversation().equals(conversation)) {
          conversation = event.conversation();
          listeners.forEach(Listener::titleChanged);
        }
        String notice = unsent(event.leftOut(), event.masked());
        transcript.change(
            index, head -> head.withId(orEmpty(event.turn()), orEmpty(event.model())).withNotice(notice));
      }
      case "fallback" ->
          transcript.change(index, head -> head.withModel(orEmpty(event.model()), orEmpty(event.reason())));
      case "retry" -> transcript.change(index, head -> head.withNotice(orEmpty(event.reason())));
      default -> {
        // A kind of a newer daemon: passed over.
      }
    }
  }

  private void finished(int index, ChatResult result) {
    Turn.State state = Turn.State.after(result.finishReason());
    String figures = Figures.of(result.usage(), result.cost(), around.words());
    transcript.change(
        index,
        head ->
            head.withId(orEmpty(result.turn()), orEmpty(result.model()))
                .ended(state, unsent(result.leftOut(), result.masked()), figures));
  }

  private void failed(int index, RequestException reason) {
    transcript.change(index, head -> {
      if (reason.cancelled()) return head.ended(Turn.State.CANCELLED, "", "");
      Turn.Head failed = head.ended(Turn.State.FAILED, sentence(reason.getMessage(), reason.hint()), "");
      return reason.gone() ? failed.asLost() : failed;
    });
  }

  /**
   * The daemon has not begun an answer and keeps nothing of the question: all is as it was before, and a question that
   * stands nowhere else is given back with what it took along, the reason beside it.
   */
  private void refused(int index, Before before, RequestException reason) {
    String question = transcript.turn(index).head().prompt();
    boolean stands = index < before.turns().size() && before.turns().get(index).head().prompt().equals(question);
    items.clear();
    items.addAll(before.items());
    transcript.show(before.turns());
    setTitle(before.title());
    List<Attachment> since = List.copyOf(attachments);
    attachments.clear();
    add(before.attachments());
    add(since);
    if (!stands) listeners.forEach(listener -> listener.returned(question));
    setNotice(sentence(reason.getMessage(), reason.hint()));
  }

  private void add(List<Attachment> more) {
    long size = attachments.stream().mapToLong(one -> size(one.item())).sum();
    for (Attachment one : more) {
      if (attachments.stream().anyMatch(known -> known.item().equals(one.item()))) continue;
      size += size(one.item());
      if (size > ATTACHED_LIMIT) {
        setNotice(around.words().get("intake.tooMuch", one.name()));
        break;
      }
      attachments.add(one);
    }
    listeners.forEach(Listener::attachmentsChanged);
  }

  private static long size(ContextItem item) {
    return (item.text() == null ? 0L : item.text().length()) + (item.data() == null ? 0L : item.data().length());
  }

  private void setNotice(String now) {
    if (now.equals(notice)) return;
    notice = now;
    listeners.forEach(Listener::noticeChanged);
  }

  private Turn shown(ChatTurn turn) {
    Turn.State state =
        "failed".equals(turn.status())
            ? Turn.State.FAILED
            : turn.status() != null
                ? Turn.State.CANCELLED
                : Turn.State.after(turn.finishReason());
    List<ContextItem> context = turn.context() == null ? List.of() : turn.context();
    Turn.Head head =
        new Turn.Head(
            turn.id(),
            turn.prompt(),
            context.stream().map(item -> Attachment.name(item, around.words(), around.shorten())).toList(),
            orEmpty(turn.model()),
            state,
            turn.error() == null ? "" : sentence(turn.error().message(), turn.error().hint()),
            Figures.of(turn.usage(), turn.cost(), around.words()),
            false);
    return new Turn(head, orEmpty(turn.reasoning()), orEmpty(turn.text()));
  }

  /** What the model was not shown of a question, "" where that is nothing. */
  private String unsent(Protocol.LeftOut leftOut, Integer masked) {
    List<String> said = new ArrayList<>();
    String unfit = leftOut(leftOut);
    if (!unfit.isEmpty()) said.add(unfit);
    if (masked != null && masked > 0) said.add(around.words().get("masked", masked));
    return String.join(" · ", said);
  }

  private String leftOut(Protocol.LeftOut what) {
    if (what == null) return "";
    List<String> said = new ArrayList<>();
    if (what.turns() > 0) said.add(around.words().get("leftOut.turns", what.turns()));
    if (what.items() != null) for (String item : what.items()) said.add(around.words().get("leftOut.item", item));
    return said.isEmpty() ? "" : around.words().get("leftOut", String.join(", ", said));
  }

  private void setTitle(String now) {
    title = now;
    listeners.forEach(Listener::titleChanged);
  }

  /** What runs is ended and heard no more; the daemon keeps what had arrived. */
  private void leave() {
    if (running != null) running.leave();
    running = null;
  }

  private <T> CompletableFuture<Void> onUi(CompletableFuture<T> future, Consumer<T> then) {
    return future.thenAcceptAsync(then, around.ui());
  }

  private static String firstLine(String prompt) {
    String line = prompt.strip().lines().findFirst().orElse("");
    if (line.length() <= TITLE) return line;
    return line.substring(0, Character.isHighSurrogate(line.charAt(TITLE - 1)) ? TITLE - 1 : TITLE);
  }

  private static String sentence(String message, String hint) {
    return (orEmpty(message) + " " + orEmpty(hint)).strip();
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }
}
