package dragoman.ide.account;

import static dragoman.client.testing.TestHost.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dragoman.client.Dragoman;
import dragoman.client.DragomanServer;
import dragoman.client.Protocol.ChatSend;
import dragoman.client.Protocol.ContextItem;
import dragoman.client.Protocol.InlineCompletionContext;
import dragoman.client.Protocol.InlineCompletionItem;
import dragoman.client.Protocol.InlineCompletionParams;
import dragoman.client.Protocol.SelectedCompletion;
import dragoman.client.Protocol.SentParams;
import dragoman.client.Protocol.TrailParams;
import dragoman.client.testing.TestDaemon;
import dragoman.client.testing.TestGateway;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.eclipse.lsp4j.DidOpenTextDocumentParams;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.TextDocumentIdentifier;
import org.eclipse.lsp4j.TextDocumentItem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real daemon's accounts of requests that the scripted gateway answered, as a person reads them. */
@Timeout(60)
class AccountDaemonTest {
  private static final Position CURSOR = new Position(1, 10);

  /** What the daemon takes for a likely secret. */
  private static final String SECRET = "ghp_" + "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1bC2";

  @TempDir Path home;
  private TestDaemon daemon;
  private TestGateway gateway;
  private Dragoman dragoman;
  private DragomanServer server;
  private TextDocumentIdentifier file;

  @BeforeEach
  void open() throws Exception {
    daemon = new TestDaemon(home);
    gateway = daemon.gateway;
    dragoman = daemon.dragoman;
    server = dragoman.running().get(20, TimeUnit.SECONDS);
    file = new TextDocumentIdentifier(home.resolve("calc.py").toUri().toString());
    server.didOpen(
        new DidOpenTextDocumentParams(new TextDocumentItem(file.getUri(), "python", 1, "def is_even(n):\n    return\n")));
  }

  @AfterEach
  void close() throws InterruptedException {
    if (daemon != null) daemon.close();
  }

  private List<InlineCompletionItem> ask(Position at, SelectedCompletion selected) throws Exception {
    InlineCompletionContext context = new InlineCompletionContext(InlineCompletionContext.INVOKED, selected);
    return server.inlineCompletion(new InlineCompletionParams(file, at, context)).get(20, TimeUnit.SECONDS).items();
  }

  private String trail() throws Exception {
    TrailText text = new TrailText(uri -> uri.substring(uri.lastIndexOf('/') + 1), Locale.UK, ZoneOffset.UTC);
    return text.of(server.trail(new TrailParams(file, 20)).get(20, TimeUnit.SECONDS).entries());
  }

  private String sent() {
    try {
      SentText text = new SentText((key, params) -> key + Arrays.toString(params), Locale.UK, ZoneOffset.UTC);
      return text.of(server.sent(new SentParams(100)).get(20, TimeUnit.SECONDS).entries(), 100);
    } catch (InterruptedException | ExecutionException | TimeoutException reason) {
      throw new AssertionError(reason);
    }
  }

  private void chat(String prompt, ContextItem... attached) throws Exception {
    ChatSend question = new ChatSend(null, null, prompt, List.of(attached), null, null, null, null, null);
    dragoman.chat(question, event -> {}).get(20, TimeUnit.SECONDS);
  }

  @Test
  void aSuggestionThatWasShownSaysWhereFromAndHow() throws Exception {
    gateway.answer("is_even", " n % 2 == 0\n");
    assertEquals(1, ask(CURSOR, null).size());
    String head = trail().lines().findFirst().orElseThrow();
    assertTrue(head.contains("calc.py:2:11  shown  upstream  test/deepseek-chat"), head);
    assertTrue(trail().contains("\n    extent: "), trail());
  }

  @Test
  void anEntryOfTheIdesListIsContinuedOrTheTrailSaysWhyNot() throws Exception {
    gateway.answer("is_even", " n % 2 == 0\n");
    Range typed = new Range(new Position(1, 4), CURSOR);
    assertTrue(ask(CURSOR, new SelectedCompletion(typed, "returned")).get(0).insertText().startsWith("returned"));
    assertEquals(List.of(), ask(CURSOR, new SelectedCompletion(typed, "result")));
    assertTrue(trail().contains("the selected entry does not begin with what is typed"), trail());
  }

  @Test
  void aFileThatNothingWasAskedForHasNoTrail() throws Exception {
    assertEquals("", trail());
  }

  @Test
  void whatLeftTheMachineIsListedWithWhatItWasMadeOfAndNeverWithIt() throws Exception {
    gateway.answer("zebra", "black and white");
    chat("What colour has a zebra?", ContextItem.text("token = '" + SECRET + "'\n", "notes"));
    eventually("the question", () -> sent().contains("  chat "));
    List<String> lines = sent().lines().toList();
    int head = IntStream.range(0, lines.size()).filter(at -> lines.get(at).contains("  chat ")).findFirst().orElseThrow();
    String[] cells = lines.get(head).split(" {2,}");
    String origin = gateway.url().replaceFirst("(://[^/]*).*", "$1");
    assertEquals(List.of("chat", origin, "test/deepseek-chat", "answered 200"), List.of(cells).subList(1, 5), lines.get(head));
    assertTrue(cells[5].matches("sent\\.sums\\[[\\d,]+, [\\d,]+, \\d, 1\\]"), lines.get(head));
    List<String> below = lines.stream().skip(head + 1L).takeWhile(line -> line.startsWith("    ")).toList();
    assertTrue(below.stream().anyMatch(line -> line.matches(" {4}text .*sent\\.pieceMasked\\[\\d+, 1\\]")), below::toString);
    assertTrue(below.stream().anyMatch(line -> line.matches(" {4}prompt .*sent\\.piece\\[\\d+\\]")), below::toString);
    for (String inside : List.of("zebra", SECRET, TestGateway.KEY)) assertFalse(sent().contains(inside), inside);
    assertTrue(gateway.questions().stream().noneMatch(body -> body.contains(SECRET)), "the secret went out");
  }

  @Test
  void theNewestRequestStandsFirst() throws Exception {
    gateway.answer("is_even", " n % 2 == 0\n");
    assertEquals(1, ask(CURSOR, null).size());
    eventually("the suggestion's request", () -> sent().contains("  completion  "));
    gateway.answer("zebra", "black and white");
    chat("What colour has a zebra?");
    eventually("the question", () -> sent().contains("  chat "));
    String both = sent();
    assertTrue(both.indexOf("  chat ") < both.indexOf("  completion  "), both);
    assertTrue(both.contains("calc.py"), both);
  }
}
