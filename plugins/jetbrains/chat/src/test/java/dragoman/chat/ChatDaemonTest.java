package dragoman.chat;

import static dragoman.client.testing.TestHost.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dragoman.chat.Turn.State;
import dragoman.client.Dragoman;
import dragoman.client.Protocol.ContextItem;
import dragoman.client.testing.TestDaemon;
import dragoman.client.testing.TestGateway;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The chat with the real daemon, which asks the scripted gateway. The test's thread is the UI thread. */
@Timeout(60)
class ChatDaemonTest {
  @TempDir Path home;
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private TestDaemon daemon;
  private TestGateway gateway;
  private Dragoman dragoman;
  private Chat chat;

  @BeforeEach
  void open() throws Exception {
    daemon = new TestDaemon(home);
    gateway = daemon.gateway;
    dragoman = daemon.dragoman;
    chat =
        new Chat(
            new Chat.Surroundings(
                new DaemonBackend(dragoman), tasks::add, Words.of(Locale.ENGLISH), () -> null, Attachment::lastPart));
  }

  @AfterEach
  void close() throws Exception {
    if (daemon != null) daemon.close();
  }

  private void until(String what, BooleanSupplier seen) throws InterruptedException {
    eventually(what, () -> {
      for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) task.run();
      return seen.getAsBoolean();
    });
  }

  private State state(int turn) {
    return chat.transcript().turn(turn).head().state();
  }

  @Test
  void anAnswerStreamsIsKeptAndFoundAgain() throws Exception {
    gateway.answer("zebra", "black ", "and ", "white");
    chat.send("What colour has a zebra?");
    until("the answer", () -> state(0) == State.COMPLETE);
    assertEquals("black and white", chat.transcript().turn(0).text());
    String conversation = chat.conversation();
    chat.clear();
    chat.open(conversation);
    until("the conversation", () -> chat.transcript().size() == 1);
    assertEquals("black and white", chat.transcript().turn(0).text());
    assertEquals("What colour has a zebra?", chat.transcript().turn(0).head().prompt());
  }

  @Test
  void stoppingClosesTheConnectionAndKeepsWhatHadArrived() throws Exception {
    gateway.answer("zebra", "black ", new TestGateway.Gate(), "never");
    chat.send("zebra?");
    until("the first piece", () -> chat.transcript().turn(0).text().equals("black "));
    chat.stop();
    until("the end", () -> state(0) == State.CANCELLED);
    assertTrue(gateway.wasCut());
    gateway.answer("again", "yes");
    assertTrue(chat.send("again?"));
    until("the next answer", () -> state(1) == State.COMPLETE);
    assertEquals("yes", chat.transcript().turn(1).text());
  }

  @Test
  void anEditedQuestionAndAForkAreTheDaemonsToo() throws Exception {
    gateway.answer("first", "one");
    chat.send("first");
    until("the answer", () -> state(0) == State.COMPLETE);
    gateway.answer("second", "two");
    chat.retry(0, "second");
    until("the other answer", () -> chat.transcript().turn(0).text().equals("two") && state(0) == State.COMPLETE);
    String origin = chat.conversation();
    chat.fork(0);
    until("the copy", () -> !chat.conversation().equals(origin));
    assertEquals("two", chat.transcript().turn(0).text());
  }

  @Test
  void aDaemonThatIsKilledFailsTheAnswerAndTheNextOneComes() throws Exception {
    gateway.answer("zebra", "black ", new TestGateway.Gate(), "never");
    chat.send("zebra?");
    until("the first piece", () -> chat.transcript().turn(0).text().equals("black "));
    long killed = dragoman.pid();
    ProcessHandle.of(killed).orElseThrow().destroyForcibly();
    until("the failure", () -> state(0) == State.FAILED);
    assertTrue(chat.transcript().turn(0).head().lost());
    until("another daemon", () -> dragoman.server() != null && dragoman.pid() != killed);
    gateway.answer("again", "yes");
    chat.retry(0, "again?");
    until("the next answer", () -> state(0) != State.STREAMING);
    assertEquals("yes", chat.transcript().turn(0).text(), chat.transcript().turn(0).head().notice());
  }

  @Test
  void fiveMegabytesArriveWhole() throws Exception {
    String piece = "A line of an answer, and one more. ".repeat(3_000);
    Object[] pieces = new Object[50];
    java.util.Arrays.fill(pieces, piece);
    gateway.answer("much", pieces);
    chat.send("much, please");
    until("the answer", () -> state(0) != State.STREAMING);
    assertEquals(piece.length() * 50, chat.transcript().turn(0).text().length());
  }

  private static BufferedImage picture() {
    return new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB);
  }

  @Test
  void aPictureReachesTheModelAndIsKeptWithItsTurn() throws Exception {
    gateway.answer("colour", "black");
    Attachment taken = chat.intake().picture(picture()).attachment();
    chat.attach(List.of(taken));
    chat.send("Which colour is this?");
    until("the answer", () -> state(0) == State.COMPLETE);
    List<String> asked = gateway.questions();
    assertTrue(asked.get(asked.size() - 1).contains(taken.item().data()));
    String conversation = chat.conversation();
    chat.clear();
    chat.open(conversation);
    until("the conversation", () -> chat.transcript().size() == 1);
    assertEquals(List.of("Image"), chat.transcript().turn(0).head().attached());
  }

  @Test
  void whatTheDaemonRefusesComesBackWithItsReasonAndTheQuestionIsAskedWithoutIt() throws Exception {
    ContextItem broken = ContextItem.image("image/png", "bm8gcGljdHVyZQ==");
    chat.attach(List.of(new Attachment("broken.png", broken), chat.intake().picture(picture()).attachment()));
    chat.send("Which colour is this?");
    until("the reason", () -> !chat.notice().isEmpty());
    assertTrue(chat.notice().contains("context"), chat.notice());
    assertEquals(0, chat.transcript().size());
    assertEquals(List.of("broken.png", "Image"), chat.attachments().stream().map(Attachment::name).toList());
    chat.detach(0);
    gateway.answer("colour", "black");
    chat.send("Which colour is this?");
    until("the answer", () -> state(0) == State.COMPLETE);
    assertEquals("black", chat.transcript().turn(0).text());
    assertEquals(1, chat.transcript().size());
  }
}
