package dragoman.client;

import static dragoman.client.testing.TestHost.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dragoman.client.DaemonProblem.Reason;
import dragoman.client.testing.Programs;
import dragoman.client.testing.TestHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.lsp4j.DidOpenTextDocumentParams;
import org.eclipse.lsp4j.TextDocumentItem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client with daemons that are none, or that go wrong in every way that a process can. */
@Timeout(60)
class FaultsTest {
  private static final Dragoman.Patience SHORT = new Dragoman.Patience(5_000, 700, 400, 10, 20, 30);

  /** Waits for the first request, whose id is 1, and answers it as a daemon does. */
  private static final String GREET =
      "read -r header\n"
          + "body='{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"result\":{\"capabilities\":{}}}'\n"
          + "printf 'Content-Length: %d\\r\\n\\r\\n%s' ${#body} \"$body\"\n";

  @TempDir Path home;

  private TestHost host(String body) throws IOException {
    String note = "echo $$ >> " + home.resolve("pids") + "\n";
    return new TestHost(home, Programs.daemon(home.resolve("daemon"), note + body).toString());
  }

  private List<Long> pids() {
    try {
      return Files.readAllLines(home.resolve("pids")).stream().map(line -> Long.parseLong(line.strip())).toList();
    } catch (IOException | NumberFormatException notYet) {
      return List.of();
    }
  }

  private void assertNoneLeft() throws InterruptedException {
    for (long pid : pids()) Programs.assertEnds(pid);
  }

  private static RequestException failure(CompletableFuture<?> future) {
    return RequestException.of(assertThrows(ExecutionException.class, () -> future.get(20, TimeUnit.SECONDS)));
  }

  private static void assertFails(TestHost host, Reason reason) throws InterruptedException {
    try (Dragoman dragoman = new Dragoman(host, SHORT)) {
      assertTrue(failure(dragoman.running()).gone());
      eventually("the one message", () -> host.problems.size() == 1);
      assertEquals(reason, host.problems.get(0).reason());
      assertEquals(Dragoman.Life.FAILED, dragoman.life());
      // Whoever asks from now on is refused at once, and no second message comes.
      assertTrue(failure(dragoman.running()).gone());
      assertEquals(1, host.problems.size());
    }
  }

  @Test
  void aMissingDaemonIsOneMessage() throws Exception {
    TestHost host = new TestHost(home, "");
    host.environment.put("PATH", home.toString());
    assertFails(host, Reason.MISSING);
  }

  @Test
  void aDaemonThatIsTooOldIsOneMessage() throws Exception {
    assertFails(new TestHost(home, Programs.shell(home.resolve("old"), "echo 'dragoman 0.0.1'").toString()), Reason.OLD);
  }

  @Test
  void aDaemonThatEndsAtOnceIsTriedAgainAndThenLeftAlone() throws Exception {
    assertFails(host("echo 'cannot go on' >&2; exit 1"), Reason.ENDED);
    assertEquals(1 + SHORT.restartsMs().length, pids().size());
  }

  @Test
  void aDaemonThatEndsAfterEachStartIsTriedAgainAndThenLeftAlone() throws Exception {
    TestHost host = host(GREET + "exit 1");
    try (Dragoman dragoman = new Dragoman(host, SHORT)) {
      dragoman.start();
      eventually("the message", () -> host.problems.size() == 1);
      assertEquals(Reason.ENDED, host.problems.get(0).reason());
      eventually("silence", () -> dragoman.life() == Dragoman.Life.FAILED);
    }
  }

  @Test
  void aDaemonThatSaysNothingIsKilledAndNotWaitedForForEver() throws Exception {
    assertFails(host("exec sleep 600"), Reason.ENDED);
    assertNoneLeft();
  }

  @Test
  void aDaemonThatDoesNotEndWhenAskedIsKilled() throws Exception {
    TestHost host = host("trap '' TERM HUP\n" + GREET + "exec sleep 600");
    Dragoman dragoman = new Dragoman(host, SHORT);
    dragoman.running().get(20, TimeUnit.SECONDS);
    long pid = dragoman.pid();
    dragoman.close();
    Programs.assertEnds(pid);
  }

  @Test
  void closingDuringTheStartLeavesNoProcess() throws Exception {
    TestHost host = host("exec sleep 600");
    Dragoman dragoman = new Dragoman(host, new Dragoman.Patience(5_000, 60_000, 400));
    CompletableFuture<DragomanServer> running = dragoman.running();
    eventually("a process", () -> !pids().isEmpty());
    dragoman.close();
    assertTrue(failure(running).gone());
    assertNoneLeft();
  }

  @Test
  void aDaemonThatReadsNothingHoldsNobodyUp() throws Exception {
    TestHost host = host(GREET + "exec sleep 600");
    try (Dragoman dragoman = new Dragoman(host, SHORT)) {
      DragomanServer server = dragoman.running().get(20, TimeUnit.SECONDS);
      String text = "x".repeat(100_000);
      assertTimeout(
          Duration.ofSeconds(5),
          () -> {
            for (int i = 0; i < 100; ++i)
              server.didOpen(new DidOpenTextDocumentParams(new TextDocumentItem("file:///" + i, "x", 1, text)));
          });
    }
    assertNoneLeft();
  }

  @Test
  void nonsenseOnTheWireEndsInARestartNotInAHang() throws Exception {
    assertFails(host("echo 'Hello, world.'; echo; exec sleep 600"), Reason.ENDED);
    assertNoneLeft();
  }

  @Test
  void anAnswerOfAnotherShapeFailsItsRequest() throws Exception {
    String odd = "body='{\"jsonrpc\":\"2.0\",\"id\":\"2\",\"result\":{\"models\":7}}'\n"
        + "printf 'Content-Length: %d\\r\\n\\r\\n%s' ${#body} \"$body\"\n";
    // The answer may come only when the question has: a line beyond the handshake.
    TestHost host = host(GREET + "sleep 0.3\n" + odd + "exec sleep 600");
    try (Dragoman dragoman = new Dragoman(host, SHORT)) {
      RequestException error =
          failure(dragoman.ask(server -> server.models(new Protocol.ModelsParams(null, null))));
      assertFalse(error.gone() || error.cancelled(), error.getMessage());
      assertEquals(Dragoman.Life.RUNNING, dragoman.life());
    }
  }

  @Test
  void aFloodOnStderrIsReadToItsEndAndCutIntoLines() throws Exception {
    TestHost host = host("head -c 3000000 /dev/zero | tr '\\0' e >&2\necho >&2\necho done >&2\n" + GREET + "exec sleep 600");
    try (Dragoman dragoman = new Dragoman(host, new Dragoman.Patience(5_000, 20_000, 400))) {
      dragoman.running().get(20, TimeUnit.SECONDS);
      eventually("the last line", () -> host.log.contains("done"));
      assertTrue(host.log.stream().allMatch(line -> line.length() <= 8_192));
    }
  }

  @Test
  void aRestartAfterTheCauseIsCuredWorks() throws Exception {
    TestHost host = new TestHost(home, home.resolve("nowhere").toString());
    try (Dragoman dragoman = new Dragoman(host, SHORT)) {
      assertTrue(failure(dragoman.running()).gone());
      host.program = Programs.daemon(home.resolve("cured"), GREET + "exec sleep 600").toString();
      dragoman.restart();
      dragoman.running().get(20, TimeUnit.SECONDS);
      assertEquals(Dragoman.Life.RUNNING, dragoman.life());
    }
  }

  @Test
  void anotherProgramTakesThePlaceOfOneThatRunsWaitsOrFailed() throws Exception {
    TestHost host = host(GREET + "exec sleep 600");
    try (Dragoman dragoman = new Dragoman(host, SHORT)) {
      dragoman.running().get(20, TimeUnit.SECONDS);
      host.program = home.resolve("nowhere").toString();
      dragoman.programChanged();
      eventually("the failure", () -> dragoman.life() == Dragoman.Life.FAILED);
      assertNoneLeft();
      host.program = Programs.daemon(home.resolve("ends"), "exit 1").toString();
      dragoman.programChanged();
      eventually("the last try", () -> host.problems.size() == 2);
      assertEquals(Reason.ENDED, host.problems.get(1).reason());
    }
    TestHost waits = new TestHost(home, Programs.daemon(home.resolve("ends"), "exit 1").toString());
    try (Dragoman dragoman = new Dragoman(waits, new Dragoman.Patience(5_000, 700, 400, 600_000))) {
      dragoman.start();
      eventually("a long pause", () -> dragoman.life() == Dragoman.Life.WAITING);
      waits.program = Programs.daemon(home.resolve("cured"), GREET + "exec sleep 600").toString();
      dragoman.programChanged();
      dragoman.running().get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void anotherProgramIsNotStartedWhereNobodyHasAskedForOne() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    TestHost host = new TestHost(home, home.resolve("nowhere").toString()) {
      @Override
      public boolean trusted() {
        looks.incrementAndGet();
        return true;
      }
    };
    try (Dragoman dragoman = new Dragoman(host, SHORT)) {
      dragoman.programChanged();
      // Each looks once, in the order of the calls; a start would have been the first to.
      dragoman.trustChanged();
      dragoman.trustChanged();
      eventually("that both were heard", () -> looks.get() >= 2);
      assertEquals(Dragoman.Life.STOPPED, dragoman.life());
      assertTrue(host.problems.isEmpty());
    }
  }

  @Test
  void whatChangesWhileADaemonStartsReachesIt() throws Exception {
    Path wire = home.resolve("wire");
    Path go = home.resolve("go");
    TestHost host = host("while [ ! -e " + go + " ]; do sleep 0.02; done\n" + GREET + "cat > " + wire);
    host.keys.put("work", "older");
    try (Dragoman dragoman = new Dragoman(host, new Dragoman.Patience(5_000, 20_000, 400))) {
      dragoman.start();
      eventually("a process", () -> !pids().isEmpty());
      dragoman.settingsChanged();
      dragoman.keyChanged("work", null);
      Files.createFile(go);
      eventually("the news, behind what was taken along", () -> {
        String told = read(wire);
        int key = told.indexOf("\"older\"");
        return key >= 0
            && told.indexOf("{\"provider\":\"work\",\"key\":null}", key) >= 0
            && told.contains("workspace/didChangeConfiguration");
      });
    }
    assertNoneLeft();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException notYet) {
      return "";
    }
  }
}
