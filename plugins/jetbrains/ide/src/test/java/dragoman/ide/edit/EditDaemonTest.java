package dragoman.ide.edit;

import static dragoman.client.testing.TestHost.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dragoman.client.Dragoman;
import dragoman.client.DragomanServer;
import dragoman.client.Protocol.EditParams;
import dragoman.client.Protocol.EditResult;
import dragoman.client.RequestException;
import dragoman.client.testing.TestDaemon;
import dragoman.client.testing.TestGateway;
import dragoman.client.testing.TestGateway.Gate;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.lsp4j.DidChangeTextDocumentParams;
import org.eclipse.lsp4j.DidOpenTextDocumentParams;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.TextDocumentContentChangeEvent;
import org.eclipse.lsp4j.TextDocumentIdentifier;
import org.eclipse.lsp4j.TextDocumentItem;
import org.eclipse.lsp4j.VersionedTextDocumentIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is shown of an edit while the real daemon streams it. The test's thread is the UI thread. */
@Timeout(60)
class EditDaemonTest {
  private static final String OLD = "int one() {\n  return 1;\n}\n";

  @TempDir Path home;
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final Growth growth = new Growth(OLD);
  private TestDaemon daemon;
  private TestGateway gateway;
  private Dragoman dragoman;
  private DragomanServer server;
  private String uri;

  @BeforeEach
  void open() throws Exception {
    daemon = new TestDaemon(home);
    gateway = daemon.gateway;
    dragoman = daemon.dragoman;
    server = dragoman.running().get(30, TimeUnit.SECONDS);
    uri = home.resolve("a.c").toUri().toString();
    server.didOpen(new DidOpenTextDocumentParams(new TextDocumentItem(uri, "c", 1, OLD)));
  }

  @AfterEach
  void close() throws Exception {
    if (daemon != null) daemon.close();
  }

  private CompletableFuture<EditResult> edit() {
    Pieces pieces = new Pieces(tasks::add, growth::add);
    Range all = new Range(new Position(0, 0), new Position(3, 0));
    EditParams what = new EditParams(new TextDocumentIdentifier(uri), all, "Return a zebra", null, null, null);
    return dragoman.edit(what, event -> {
      if ("text".equals(event.kind())) pieces.add(event.text());
    });
  }

  private void untilShown(String text) throws InterruptedException {
    eventually("shown: " + text, () -> {
      for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) task.run();
      return growth.text().equals(text);
    });
  }

  @Test
  void theNewLinesAreShownBeforeTheAnswerIsWholeAndThenItIsTheAnswer() throws Exception {
    Gate gate = new Gate();
    gateway.answer("zebra", "int zebra() {\n  re", gate, "turn 2;\n}\n");
    CompletableFuture<EditResult> request = edit();
    untilShown("int zebra() {\n  return 1;\n}\n");
    gate.open();
    EditResult result = request.get(30, TimeUnit.SECONDS);
    untilShown("int zebra() {\n  return 2;\n}\n");
    assertEquals(growth.text(), result.text());
  }

  @Test
  void anEndedProposalClosesTheConnection() throws Exception {
    gateway.answer("zebra", "int zebra() {\n", new Gate(), "never");
    CompletableFuture<EditResult> request = edit();
    untilShown("int zebra() {\n  return 1;\n}\n");
    request.cancel(true);
    assertTrue(gateway.wasCut());
  }

  @Test
  void aSelectionThatIsChangedMeanwhileIsRefusedAsSuch() throws Exception {
    gateway.answer("zebra", "int zebra() {\n", new Gate(), "never");
    CompletableFuture<EditResult> request = edit();
    untilShown("int zebra() {\n  return 1;\n}\n");
    Range one = new Range(new Position(1, 9), new Position(1, 10));
    server.didChange(
        new DidChangeTextDocumentParams(
            new VersionedTextDocumentIdentifier(uri, 2), List.of(new TextDocumentContentChangeEvent(one, "7"))));
    ExecutionException reason = assertThrows(ExecutionException.class, () -> request.get(30, TimeUnit.SECONDS));
    assertEquals(RequestException.CONTENT_MODIFIED, RequestException.of(reason).code());
  }
}
