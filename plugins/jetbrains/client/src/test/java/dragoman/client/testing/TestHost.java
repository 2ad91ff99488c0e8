package dragoman.client.testing;

import static org.junit.jupiter.api.Assertions.fail;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dragoman.client.DaemonProblem;
import dragoman.client.Host;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.eclipse.lsp4j.ApplyWorkspaceEditParams;
import org.eclipse.lsp4j.ApplyWorkspaceEditResponse;
import org.eclipse.lsp4j.MessageActionItem;
import org.eclipse.lsp4j.MessageParams;
import org.eclipse.lsp4j.ShowMessageRequestParams;
import org.eclipse.lsp4j.WorkspaceFolder;

/** An editor of no words: remembers what it was told. Its daemon sees nothing of the machine but {@code home}. */
public class TestHost implements Host {
  public final List<String> log = new CopyOnWriteArrayList<>();
  public final List<MessageParams> shown = new CopyOnWriteArrayList<>();
  public final List<ShowMessageRequestParams> asked = new CopyOnWriteArrayList<>();
  public final List<ApplyWorkspaceEditParams> edits = new CopyOnWriteArrayList<>();
  public final List<DaemonProblem> problems = new CopyOnWriteArrayList<>();
  public final AtomicInteger starts = new AtomicInteger();
  public final Map<String, String> keys = new LinkedHashMap<>();
  public final Map<String, String> environment = new HashMap<>();
  public final Path home;
  public volatile String program;
  public volatile Path bundle;
  public volatile JsonObject settings = new JsonObject();
  public volatile boolean trusted = true;

  /** The title of the answer that the person gives to each question; null: they turn away. */
  public volatile String answer;

  public TestHost(Path home, String program) {
    this.home = home;
    this.program = program;
    environment.put("PATH", "/usr/bin:/bin");
    environment.put("HOME", home.toString());
  }

  /** Settings that ask {@code gateway}, whose key is the editor's. */
  public TestHost asking(TestGateway gateway) {
    settings =
        JsonParser.parseString(
                """
                {"providers": {"test": {"preset": "opencodex", "baseUrl": "%s", "key": "editor"}},
                 "completion": {"model": "test/deepseek-chat"}, "chat": {"model": "test/deepseek-chat"}}
                """
                    .formatted(gateway.url()))
            .getAsJsonObject();
    keys.put("test", TestGateway.KEY);
    return this;
  }

  /** Waits for {@code true} for 20 seconds at most. */
  public static void eventually(String what, BooleanSupplier seen) throws InterruptedException {
    for (long end = System.nanoTime() + 20_000_000_000L; System.nanoTime() < end; Thread.sleep(5))
      if (seen.getAsBoolean()) return;
    fail("not seen in 20 seconds: " + what);
  }

  @Override
  public boolean trusted() {
    return trusted;
  }

  @Override
  public Launch launch() {
    return new Launch(program, bundle, environment, home, "test", "1");
  }

  @Override
  public JsonObject settings() {
    return settings;
  }

  @Override
  public Map<String, String> keys() {
    return keys;
  }

  @Override
  public List<WorkspaceFolder> folders() {
    return List.of(new WorkspaceFolder(home.toUri().toString(), "home"));
  }

  @Override
  public void log(String line) {
    log.add(line);
  }

  @Override
  public void changed() {}

  @Override
  public void started() {
    starts.incrementAndGet();
  }

  @Override
  public void failed(DaemonProblem problem) {
    problems.add(problem);
  }

  @Override
  public void showMessage(MessageParams message) {
    shown.add(message);
  }

  @Override
  public CompletableFuture<MessageActionItem> askPerson(ShowMessageRequestParams question) {
    asked.add(question);
    return CompletableFuture.completedFuture(
        question.getActions().stream().filter(item -> item.getTitle().equals(answer)).findFirst().orElse(null));
  }

  @Override
  public CompletableFuture<ApplyWorkspaceEditResponse> applyEdit(ApplyWorkspaceEditParams edit) {
    edits.add(edit);
    return CompletableFuture.completedFuture(new ApplyWorkspaceEditResponse(true));
  }
}
