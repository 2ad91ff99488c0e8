package dragoman.client;

import static dragoman.client.testing.TestHost.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import dragoman.client.Protocol.InlineCompletionContext;
import dragoman.client.Protocol.InlineCompletionParams;
import dragoman.client.Protocol.StreamEvent;
import dragoman.client.testing.Programs;
import dragoman.client.testing.TestDaemon;
import dragoman.client.testing.TestGateway;
import dragoman.client.testing.TestHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.eclipse.lsp4j.DidOpenTextDocumentParams;
import org.eclipse.lsp4j.ExecuteCommandParams;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.TextDocumentIdentifier;
import org.eclipse.lsp4j.TextDocumentItem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client with the real daemon, which asks the scripted gateway. */
@Timeout(60)
class DragomanTest {
  private static final String TEXT = "def is_even(n):\n    return \n";

  @TempDir Path home;
  private TestDaemon daemon;
  private TestGateway gateway;
  private TestHost host;
  private Dragoman dragoman;

  @BeforeEach
  void open() throws IOException {
    daemon = new TestDaemon(home);
    gateway = daemon.gateway;
    host = daemon.host;
    dragoman = daemon.dragoman;
  }

  @AfterEach
  void close() throws InterruptedException {
    if (daemon != null) daemon.close();
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  private static RequestException failure(CompletableFuture<?> future) {
    return RequestException.of(assertThrows(ExecutionException.class, () -> get(future)));
  }

  private static Protocol.ChatSend question(String prompt) {
    return new Protocol.ChatSend(null, null, prompt, null, null, null, null, null, null);
  }

  private TextDocumentIdentifier openDocument(DragomanServer server) throws IOException {
    Path file = Files.writeString(home.resolve("calc.py"), TEXT);
    String uri = file.toUri().toString();
    server.didOpen(new DidOpenTextDocumentParams(new TextDocumentItem(uri, "python", 1, TEXT)));
    return new TextDocumentIdentifier(uri);
  }

  private CompletableFuture<Protocol.InlineCompletions> complete(DragomanServer server) throws IOException {
    return server.inlineCompletion(
        new InlineCompletionParams(
            openDocument(server), new Position(1, 11), new InlineCompletionContext(InlineCompletionContext.INVOKED, null)));
  }

  @Test
  void theDaemonIsStartedByTheFirstWhoAsks() throws Exception {
    assertEquals(Dragoman.Life.STOPPED, dragoman.life());
    assertNull(dragoman.server());
    Protocol.Models models = get(dragoman.ask(server -> server.models(new Protocol.ModelsParams(null, null))));
    assertTrue(models.models().stream().anyMatch(model -> model.id().equals("test/deepseek-chat")));
    assertEquals("test/deepseek-chat", models.selected().get("chat"));
    assertEquals(Dragoman.Life.RUNNING, dragoman.life());
    assertTrue(Programs.runs(dragoman.pid()));
    assertEquals(1, host.starts.get());
  }

  @Test
  void manyWhoAskAtOnceGetOneDaemon() throws Exception {
    List<CompletableFuture<DragomanServer>> all = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 50; ++i) all.add(dragoman.running());
    for (CompletableFuture<DragomanServer> one : all) get(one);
    assertEquals(1, host.starts.get());
  }

  @Test
  void aSuggestionComesWithItsRangeAndCommand() throws Exception {
    gateway.answer("is_even", "n % 2", " == 0\n");
    Protocol.InlineCompletionItem item = get(complete(get(dragoman.running()))).items().get(0);
    assertEquals("n % 2 == 0", item.insertText());
    assertEquals(new Range(new Position(1, 11), new Position(1, 11)), item.range());
    assertEquals("dragoman.completionAccepted", item.command().getCommand());
    get(dragoman.server()
        .executeCommand(new ExecuteCommandParams(item.command().getCommand(), item.command().getArguments())));
  }

  @Test
  void anAnswerStreamsInOrderBeforeItsResult() throws Exception {
    TestGateway.Gate gate = new TestGateway.Gate();
    gateway.answer("dragoman?", "An inter", gate, "preter, ", "once.");
    List<StreamEvent> events = new CopyOnWriteArrayList<>();
    CompletableFuture<Protocol.ChatResult> answer = dragoman.chat(question("What is a dragoman?"), events::add);
    eventually("the first piece", () -> events.stream().anyMatch(event -> "An inter".equals(event.text())));
    assertFalse(answer.isDone());
    gate.open();
    Protocol.ChatResult result = get(answer);
    assertEquals("An interpreter, once.", result.text());
    assertEquals("begin", events.get(0).kind());
    assertEquals(result.conversation(), events.get(0).conversation());
    assertEquals(
        result.text(),
        events.stream().filter(event -> event.kind().equals("text")).map(StreamEvent::text).collect(Collectors.joining()));
  }

  @Test
  void cancellingAnAnswerClosesItsConnection() throws Exception {
    gateway.answer("dragoman?", "An inter", new TestGateway.Gate());
    List<StreamEvent> events = new CopyOnWriteArrayList<>();
    CompletableFuture<Protocol.ChatResult> answer = dragoman.chat(question("What is a dragoman?"), events::add);
    eventually("a piece", () -> events.size() > 1);
    answer.cancel(true);
    assertTrue(gateway.wasCut());
    Protocol.ChatList list = get(dragoman.ask(server -> server.chatList(new Protocol.ChatListParams(null, null, null))));
    String id = list.conversations().get(0).id();
    Protocol.Conversation kept = get(dragoman.ask(server -> server.chatGet(new Protocol.ConversationParams(id))));
    assertEquals("cancelled", kept.turns().get(0).status());
    assertEquals("An inter", kept.turns().get(0).text());
  }

  @Test
  void cancellingWhatStillWaitsForTheDaemonAsksNobody() throws Exception {
    CompletableFuture<Protocol.ChatResult> answer = dragoman.chat(question("Never asked"), event -> {});
    answer.cancel(true);
    get(dragoman.chat(question("Asked"), event -> {}));
    assertFalse(gateway.questions().stream().anyMatch(body -> body.contains("Never asked")));
  }

  @Test
  void anErrorHasItsKindAndHint() throws Exception {
    RequestException error =
        failure(dragoman.chat(new Protocol.ChatSend(null, null, "Hi", null, "nobody/model", null, null, null, null), event -> {}));
    assertEquals("notConfigured", error.kind());
    assertFalse(error.hint().isEmpty());
    assertEquals(RequestException.REQUEST_FAILED, error.code());
  }

  @Test
  void aKilledDaemonFailsWhatWaitsAndIsStartedAgain() throws Exception {
    gateway.answer("dragoman?", "An inter", new TestGateway.Gate());
    List<StreamEvent> events = new CopyOnWriteArrayList<>();
    CompletableFuture<Protocol.ChatResult> answer = dragoman.chat(question("What is a dragoman?"), events::add);
    eventually("a piece", () -> events.size() > 1);
    long first = dragoman.pid();
    ProcessHandle.of(first).orElseThrow().destroyForcibly();
    assertTrue(failure(answer).gone());
    get(dragoman.ask(server -> server.models(new Protocol.ModelsParams(null, null))));
    assertNotEquals(first, dragoman.pid());
    assertEquals(2, host.starts.get());
    assertEquals(List.of(), host.problems);
  }

  @Test
  void aRestartGivesAnotherDaemonAndEndsTheFirst() throws Exception {
    get(dragoman.running());
    long first = dragoman.pid();
    dragoman.restart();
    eventually("another daemon", () -> dragoman.server() != null && dragoman.pid() != first);
    Programs.assertEnds(first);
  }

  @Test
  void settingsAndKeysThatChangeReachTheDaemonThatRuns() throws Exception {
    host.keys.clear();
    host.settings = new JsonObject();
    get(dragoman.running());
    assertEquals("notConfigured", failure(dragoman.chat(question("Hi"), event -> {})).kind());
    host.asking(gateway);
    dragoman.settingsChanged();
    eventually("the model", () -> dragoman.status() != null && "test/deepseek-chat".equals(dragoman.status().chat().model()));
    assertEquals("noKey", failure(dragoman.chat(question("Hi"), event -> {})).kind());
    dragoman.keyChanged("test", TestGateway.KEY);
    eventually("the key", this::hasKey);
    assertFalse(get(dragoman.chat(question("Hi"), event -> {})).text().isEmpty());
  }

  @Test
  void aKeyThatIsForgottenIsNotSentAnyMore() throws Exception {
    assertFalse(get(dragoman.chat(question("Hi"), event -> {})).text().isEmpty());
    assertTrue(hasKey());
    dragoman.keyChanged("test", null);
    eventually("no key", () -> !hasKey());
    int asked = gateway.questions().size();
    assertEquals("noKey", failure(dragoman.chat(question("Hi"), event -> {})).kind());
    assertEquals(asked, gateway.questions().size());
    assertTrue(host.log.stream().noneMatch(line -> line.contains("not handed over")), host.log::toString);
  }

  private boolean hasKey() {
    try {
      return get(dragoman.ask(DragomanServer::keyStatus)).providers().stream().anyMatch(Protocol.KeyState::present);
    } catch (Exception reason) {
      throw new AssertionError(reason);
    }
  }

  @Test
  void aModelThatIsTakenBackGivesWayToTheConfiguredOne() throws Exception {
    assertEquals("test/gpt-4o", selected("test/gpt-4o"));
    assertEquals("test/deepseek-chat", selected(null));
  }

  /** The chat's model once {@code model} was chosen for the session. */
  private String selected(String model) throws Exception {
    get(dragoman.ask(server -> server.selectModel(new Protocol.SelectModelParams("chat", model, "session", null))));
    return get(dragoman.ask(server -> server.models(new Protocol.ModelsParams(null, null)))).selected().get("chat");
  }

  @Test
  void aModelThatIsChosenIsKeptForTheUserUnlessTheEditorStillChoosesAnother() throws Exception {
    Protocol.SelectedModel outranked =
        get(dragoman.ask(server -> server.selectModel(new Protocol.SelectModelParams("chat", "test/gpt-4o", "user", null))));
    assertFalse(outranked.outrankedBy().isEmpty());
    Protocol.SelectedModel kept =
        get(dragoman.ask(server -> server.selectModel(new Protocol.SelectModelParams("edit", "test/gpt-4o", "user", null))));
    assertNull(kept.outrankedBy());
    assertTrue(Files.readString(Path.of(kept.file())).contains("test/gpt-4o"));
    Protocol.Models models = get(dragoman.ask(server -> server.models(new Protocol.ModelsParams(null, null))));
    assertEquals("test/gpt-4o", models.selected().get("edit"));
    assertEquals("test/deepseek-chat", models.selected().get("chat"));
  }

  @Test
  void theStatusSaysWhatIsLeftOfTheDay() throws Exception {
    Files.createDirectories(home.resolve(".config/dragoman"));
    Files.writeString(home.resolve(".config/dragoman/config.json"), "{\"budget\": {\"perDayTokens\": 100000}}");
    get(dragoman.running());
    eventually("the budget", () -> dragoman.status() != null && dragoman.status().budgets() != null);
    get(dragoman.chat(question("Hi"), event -> {}));
    eventually("less of it", () -> {
      Protocol.TokenLimit tokens = dragoman.status().budgets().get(0).perDayTokens();
      return tokens.left() != null && tokens.left() < 100_000 && tokens.left() + tokens.spent() == tokens.limit();
    });
    Protocol.UsageRows usage = get(dragoman.ask(server -> server.usage(new Protocol.UsageParams(null, "role"))));
    assertEquals("chat", usage.rows().get(0).key());
    assertEquals(1, usage.budgets().size());
  }

  @Test
  void fiveMegabytesOfAnAnswerComeWhole() throws Exception {
    String line = "0123456789abcdef".repeat(64) + "\n";
    Object[] pieces = new Object[5_000];
    java.util.Arrays.fill(pieces, line);
    gateway.answer("a lot", pieces);
    StringBuilder streamed = new StringBuilder();
    Protocol.ChatResult result =
        get(dragoman.chat(question("Say a lot"), event -> {
          if (event.kind().equals("text")) streamed.append(event.text());
        }));
    assertEquals(5_000 * 1025, result.text().length());
    assertEquals(result.text(), streamed.toString());
  }

  @Test
  void twoProjectsHaveADaemonEach(@TempDir Path other) throws Exception {
    TestHost second = new TestHost(other, host.program).asking(gateway);
    try (Dragoman theirs = new Dragoman(second)) {
      TestGateway.Gate gate = new TestGateway.Gate();
      gateway.answer("Slow", gate, "late");
      CompletableFuture<Protocol.ChatResult> slow = dragoman.chat(question("Slow"), event -> {});
      assertFalse(get(theirs.chat(question("Quick"), event -> {})).text().isEmpty());
      assertNotEquals(dragoman.pid(), theirs.pid());
      long pid = theirs.pid();
      theirs.close();
      Programs.assertEnds(pid);
      assertFalse(slow.isDone());
      gate.open();
      assertEquals("late", get(slow).text());
    }
  }

  @Test
  void closingEndsAStreamAndTheDaemon() throws Exception {
    gateway.answer("dragoman?", "An inter", new TestGateway.Gate());
    List<StreamEvent> events = new CopyOnWriteArrayList<>();
    CompletableFuture<Protocol.ChatResult> answer = dragoman.chat(question("What is a dragoman?"), events::add);
    eventually("a piece", () -> events.size() > 1);
    long pid = dragoman.pid();
    dragoman.close();
    RequestException error = failure(answer);
    assertTrue(error.gone() || error.cancelled(), error.getMessage());
    Programs.assertEnds(pid);
    assertTrue(gateway.wasCut());
    assertTrue(failure(dragoman.running()).gone());
  }

  @Test
  void aCodeActionEndsInAnEditOfTheEditors() throws Exception {
    DragomanServer server = get(dragoman.running());
    TextDocumentIdentifier document = openDocument(server);
    gateway.answer("is_even", "    return n % 2 == 0\n");
    JsonObject argument = new JsonObject();
    argument.addProperty("action", "rewrite");
    argument.addProperty("uri", document.getUri());
    argument.add("range", new com.google.gson.Gson().toJsonTree(new Range(new Position(1, 0), new Position(2, 0))));
    get(server.executeCommand(new ExecuteCommandParams("dragoman.codeAction", List.of(argument))));
    eventually("the edit", () -> !host.edits.isEmpty());
    assertEquals(1, host.edits.get(0).getEdit().getDocumentChanges().get(0).getLeft().getTextDocument().getVersion());
  }
}
