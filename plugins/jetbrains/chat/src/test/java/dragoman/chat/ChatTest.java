package dragoman.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dragoman.chat.Turn.State;
import dragoman.client.Protocol;
import dragoman.client.Protocol.ChatTurn;
import dragoman.client.Protocol.ContextItem;
import dragoman.client.Protocol.LeftOut;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;
import org.junit.jupiter.api.Test;

class ChatTest {
  private final FakeBackend daemon = new FakeBackend();
  private final Chat chat =
      new Chat(
          new Chat.Surroundings(
              daemon, daemon.ui, Words.of(Locale.ENGLISH), () -> "file:///p/a.c", Attachment::lastPart));

  private Turn turn(int index) {
    return chat.transcript().turn(index);
  }

  private void answer(int request, String text) {
    daemon.begin(request, "c1", "t" + request);
    daemon.text(request, text);
    daemon.end(request, "c1", "t" + request, "stop");
    daemon.runUi();
  }

  private static ChatTurn kept(String id, String status) {
    Protocol.Failure failure =
        "failed".equals(status)
            ? new Protocol.Failure("network", null, null, null, null, null, null, null, null, "Try again.", "It broke.")
            : null;
    return new ChatTurn(
        id, "why", List.of(ContextItem.file("file:///p/b.c")), "so", "hm", "g/m", "", status == null ? "stop" : null,
        status, null, null, failure);
  }

  @Test
  void anAnswerIsTheJoinedPiecesInTheirOrder() {
    chat.send("hello");
    daemon.begin(0, "c1", "t1");
    daemon.reasoning(0, "hm ");
    daemon.text(0, "a");
    daemon.runUi();
    daemon.reasoning(0, "so");
    daemon.text(0, "b");
    daemon.text(0, "c");
    daemon.end(0, "c1", "t1", "stop");
    daemon.runUi();
    assertEquals("abc", turn(0).text());
    assertEquals("hm so", turn(0).reasoning());
    assertEquals(State.COMPLETE, turn(0).head().state());
    assertEquals("1,200 tokens read, 34 written \u00b7 $0.0123", turn(0).head().figures());
    assertEquals("c1", chat.conversation());
  }

  @Test
  void piecesThatComeWhileTheWindowIsBusyAreOneChange() {
    List<String> heard = new ArrayList<>();
    chat.send("hello");
    chat.transcript().addListener(new Transcript.Listener() {
      @Override
      public void shown() {}

      @Override
      public void began(int index) {}

      @Override
      public void grew(int index, String reasoning, String text) {
        heard.add(text);
      }

      @Override
      public void headChanged(int index) {
        heard.add("head");
      }
    });
    for (int i = 0; i < 1_000; ++i) daemon.text(0, "x");
    daemon.retry(0, "again");
    daemon.text(0, "y");
    assertEquals(1, daemon.tasks.size());
    daemon.runUi();
    assertEquals(List.of("x".repeat(1_000), "head", "y"), heard);
  }

  @Test
  void aQuestionSaysWhatItIsAboutAndTakesItsAttachmentsAlongOnce() {
    ContextItem range = ContextItem.range("file:///p/a.c", new Range(new Position(2, 0), new Position(4, 0)));
    chat.attachItem(range);
    chat.attachItem(range);
    chat.attachItem(ContextItem.gitDiff(true));
    assertEquals(
        List.of("a.c:3-4", "Staged changes"), chat.attachments().stream().map(Attachment::name).toList());
    chat.send("look");
    assertEquals(2, daemon.sent.get(0).context().size());
    assertEquals("file:///p/a.c", daemon.sent.get(0).textDocument().getUri());
    assertNull(daemon.sent.get(0).conversation());
    assertTrue(chat.attachments().isEmpty());
    answer(0, "seen");
    chat.send("and now?");
    assertEquals(List.of(), daemon.sent.get(1).context());
    assertEquals("c1", daemon.sent.get(1).conversation());
  }

  @Test
  void nothingIsSentWhileAnAnswerIsWrittenOrForAnEmptyQuestion() {
    assertFalse(chat.send("  \n"));
    assertTrue(chat.send("one"));
    assertFalse(chat.send("two"));
    chat.retry(0, null);
    assertEquals(1, daemon.sent.size());
  }

  @Test
  void stoppingKeepsWhatHadArrivedAndNothingComesAfterIt() {
    chat.send("hello");
    daemon.begin(0, "c1", "t1");
    daemon.text(0, "half");
    daemon.runUi();
    chat.stop();
    daemon.text(0, " late");
    daemon.runUi();
    daemon.text(0, " later");
    daemon.runUi();
    assertEquals(State.CANCELLED, turn(0).head().state());
    assertFalse(turn(0).text().contains("later"));
    assertFalse(chat.transcript().streaming());
    assertTrue(chat.send("go on"));
  }

  @Test
  void aBrokenAnswerIsSaidAndCanBeContinued() {
    chat.send("hello");
    daemon.begin(0, "c1", "t1");
    daemon.text(0, "half");
    daemon.answers.get(0).completeExceptionally(new IllegalStateException("The line broke."));
    daemon.runUi();
    assertEquals(State.FAILED, turn(0).head().state());
    assertEquals("The line broke.", turn(0).head().notice());
    chat.goOn(0);
    assertEquals("t1", daemon.sent.get(1).replaceTurn());
    assertEquals(Boolean.TRUE, daemon.sent.get(1).keepText());
    daemon.text(1, " and the rest");
    daemon.end(1, "c1", "t1", "stop");
    daemon.runUi();
    assertEquals("half and the rest", turn(0).text());
    assertEquals(1, chat.transcript().size());
  }

  @Test
  void editingAQuestionReplacesItsTurnAndThoseBehindIt() {
    chat.attachItem(ContextItem.file("file:///p/b.c"));
    chat.send("one");
    answer(0, "1");
    chat.send("two");
    answer(1, "2");
    chat.retry(0, "one, please");
    assertEquals(1, chat.transcript().size());
    assertEquals("t0", daemon.sent.get(2).replaceTurn());
    assertEquals("one, please", daemon.sent.get(2).prompt());
    assertEquals(1, daemon.sent.get(2).context().size());
    assertEquals(List.of("b.c"), turn(0).head().attached());
  }

  @Test
  void aQuestionOfItsOwnTakesAlongWhatItIsAboutAlone() {
    chat.send("hello");
    answer(0, "hi");
    ContextItem waiting = ContextItem.file("file:///p/b.c");
    ContextItem about = ContextItem.range("file:///p/a.c", new Range(new Position(2, 0), new Position(4, 0)));
    chat.attachItem(waiting);
    assertTrue(chat.sendAnew("explain", List.of(about)));
    assertNull(daemon.sent.get(1).conversation());
    assertEquals(List.of(about), daemon.sent.get(1).context());
    assertEquals(1, chat.transcript().size());
    assertEquals(List.of("a.c:3-4"), turn(0).head().attached());
    assertEquals("explain", chat.title());
    assertEquals(List.of(waiting), chat.attachments().stream().map(Attachment::item).toList());
  }

  @Test
  void aQuestionOfItsOwnEndsNoAnswerThatIsBeingWritten() {
    chat.send("hello");
    assertFalse(chat.sendAnew("explain", List.of()));
    assertEquals(1, daemon.sent.size());
    assertEquals("hello", turn(0).head().prompt());
  }

  @Test
  void anAnswerAtTheModelsLimitIsCut() {
    chat.send("hello");
    daemon.end(0, "c1", "t1", "length");
    daemon.runUi();
    assertEquals(State.CUT, turn(0).head().state());
    assertTrue(turn(0).head().canContinue());
  }

  @Test
  void anAnswerThatTheFilterStoppedIsNotComplete() {
    chat.send("hello");
    daemon.end(0, "c1", "t1", "contentFilter");
    daemon.runUi();
    assertEquals(State.FILTERED, turn(0).head().state());
    assertTrue(turn(0).head().canContinue());
  }

  @Test
  void whatDidNotFitIsNamed() {
    chat.send("hello");
    daemon.begin(0, "c1", "t1", new LeftOut(2, List.of("big.c")), null);
    daemon.runUi();
    assertEquals(
        "Left out, because it does not fit the model: the 2 oldest turns, all or a part of big.c",
        turn(0).head().notice());
  }

  @Test
  void maskedSecretsAreCounted() {
    chat.send("hello");
    daemon.begin(0, "c1", "t1", new LeftOut(1, null), 2);
    daemon.runUi();
    assertEquals(
        "Left out, because it does not fit the model: the oldest turn · 2 likely secrets were masked",
        turn(0).head().notice());
    daemon.masked = 1;
    daemon.end(0, "c1", "t1", "stop");
    daemon.runUi();
    assertEquals("1 likely secret was masked", turn(0).head().notice());
  }

  @Test
  void eventsOfANewerDaemonArePassedOver() {
    chat.send("hello");
    daemon.tell(0, FakeBackend.event("dance", null));
    daemon.tell(0, FakeBackend.event(null, null));
    daemon.text(0, "ok");
    daemon.runUi();
    assertEquals("ok", turn(0).text());
  }

  @Test
  void aConversationIsShownAsItWasKept() {
    daemon.kept.put(
        "c7", new Protocol.Conversation("c7", "Old", List.of(kept("a", null), kept("b", "failed"), kept("c", "running"))));
    chat.open("c7");
    daemon.runUi();
    assertEquals("Old", chat.title());
    assertEquals("g/m", chat.model());
    assertEquals(
        List.of(State.COMPLETE, State.FAILED, State.CANCELLED),
        chat.transcript().turns().stream().map(turn -> turn.head().state()).toList());
    assertEquals("It broke. Try again.", turn(1).head().notice());
    assertEquals(List.of("b.c"), turn(0).head().attached());
  }

  @Test
  void openingAnotherConversationDropsTheAnswerThatRan() {
    daemon.kept.put("c7", new Protocol.Conversation("c7", "Old", List.of(kept("a", null))));
    chat.send("hello");
    chat.open("c7");
    daemon.runUi();
    daemon.text(0, "late");
    daemon.end(0, "c1", "t1", "stop");
    daemon.runUi();
    assertTrue(daemon.answers.get(0).isCancelled());
    assertEquals("so", turn(0).text());
    assertEquals("c7", chat.conversation());
  }

  @Test
  void aConversationThatIsNotThereLeavesWhatIsShown() {
    chat.send("hello");
    answer(0, "hi");
    assertTrue(chat.open("gone").isCompletedExceptionally());
    daemon.runUi();
    assertEquals("hi", turn(0).text());
  }

  @Test
  void aForkIsShownInPlaceOfItsOrigin() {
    chat.send("hello");
    answer(0, "hi");
    daemon.kept.put("c1-fork", new Protocol.Conversation("c1-fork", "Copy", List.of(kept("a", null))));
    chat.fork(0);
    daemon.runUi();
    assertEquals("c1-fork", chat.conversation());
  }

  @Test
  void nothingIsHeardAfterTheWindowIsGone() {
    chat.send("hello");
    daemon.text(0, "a");
    chat.dispose();
    daemon.runUi();
    assertEquals("", turn(0).text());
    assertTrue(daemon.answers.get(0).isCancelled());
  }

  private static final ContextItem PICTURE = ContextItem.image("image/png", "AAAA");

  /** What the view is told. */
  private List<String> returned() {
    List<String> out = new ArrayList<>();
    chat.addListener(new Chat.Listener() {
      @Override
      public void titleChanged() {}

      @Override
      public void modelChanged() {}

      @Override
      public void attachmentsChanged() {}

      @Override
      public void returned(String question) {
        out.add(question);
      }
    });
    return out;
  }

  private void refuse(int request, String why) {
    daemon.answers.get(request).completeExceptionally(new IllegalArgumentException(why));
    daemon.runUi();
  }

  private List<String> attached() {
    return chat.attachments().stream().map(Attachment::name).toList();
  }

  @Test
  void aQuestionThatIsRefusedComesBackWithWhatItTookAlongAndTheReason() {
    List<String> returned = returned();
    chat.attachItem(PICTURE);
    chat.attachItem(ContextItem.gitDiff(true));
    chat.send("what is this?");
    chat.attachItem(ContextItem.file("file:///p/later.c"));
    refuse(0, "context[0]: the image is broken");
    assertEquals(List.of("what is this?"), returned);
    assertEquals(List.of("Image", "Staged changes", "later.c"), attached());
    assertEquals("context[0]: the image is broken", chat.notice());
    assertEquals(0, chat.transcript().size());
    assertEquals("", chat.title());
    chat.detach(0);
    assertEquals("", chat.notice());
    chat.send("what is this?");
    answer(1, "a file");
    assertEquals(2, daemon.sent.get(1).context().size());
    assertEquals(1, chat.transcript().size());
  }

  @Test
  void aRefusedQuestionLeavesTheConversationAsItWas() {
    chat.send("one");
    answer(0, "1");
    chat.attachItem(PICTURE);
    chat.send("two");
    refuse(1, "no");
    assertEquals(1, chat.transcript().size());
    assertEquals("1", turn(0).text());
    assertEquals("one", chat.title());
    assertFalse(chat.transcript().streaming());
    assertTrue(chat.send("two"));
    assertEquals("c1", daemon.sent.get(2).conversation());
    assertNull(daemon.sent.get(2).replaceTurn());
  }

  @Test
  void aRefusedRetryShowsAgainWhatItWasToReplaceAndAnEditedQuestionIsNotLost() {
    List<String> returned = returned();
    chat.send("one");
    answer(0, "1");
    chat.send("two");
    answer(1, "2");
    chat.retry(0, "one, please");
    refuse(2, "no");
    assertEquals(List.of("1", "2"), chat.transcript().turns().stream().map(Turn::text).toList());
    assertEquals(List.of("one, please"), returned);
    chat.retry(1, null);
    refuse(3, "no");
    assertEquals(List.of("1", "2"), chat.transcript().turns().stream().map(Turn::text).toList());
    assertEquals(List.of("one, please"), returned);
    chat.retry(1, null);
    assertEquals("t1", daemon.sent.get(4).replaceTurn());
  }

  @Test
  void anAnswerThatBeganIsNotTakenBackAndAStoppedQuestionNeither() {
    List<String> returned = returned();
    chat.attachItem(PICTURE);
    chat.send("one");
    daemon.begin(0, "c1", "t1");
    refuse(0, "The line broke.");
    assertEquals(State.FAILED, turn(0).head().state());
    chat.send("two");
    chat.stop();
    daemon.runUi();
    assertEquals(State.CANCELLED, turn(1).head().state());
    assertEquals(List.of(), returned);
    assertEquals(List.of(), attached());
  }

  @Test
  void whatIsTooMuchForOneQuestionIsRefusedByItsName() {
    String half = "A".repeat(30 * 1024 * 1024);
    chat.attach(List.of(
        new Attachment("one.png", ContextItem.image("image/png", half)),
        new Attachment("two.png", ContextItem.image("image/png", half + "A"))));
    assertEquals(List.of("one.png"), attached());
    assertEquals("two.png is too much for one question. Remove something first.", chat.notice());
  }

  @Test
  void ofManyFilesThatCannotBeAttachedAFewAreNamedAndTheOthersAreTaken() {
    List<Intake.Taken> taken = new ArrayList<>();
    for (int i = 0; i < 20; ++i) taken.add(new Intake.Taken(null, i + "."));
    taken.add(new Intake.Taken(new Attachment("a.c", ContextItem.file("file:///p/a.c")), null));
    CompletableFuture<List<Intake.Taken>> coming = new CompletableFuture<>();
    chat.take(coming);
    coming.complete(taken);
    assertEquals(List.of(), attached());
    daemon.runUi();
    assertEquals(List.of("a.c"), attached());
    assertEquals("0. 1. 2.", chat.notice());
  }
}
