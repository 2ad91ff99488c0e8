package dragoman.client;

import static dragoman.client.testing.TestHost.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dragoman.client.Dragoman.Life;
import dragoman.client.testing.Programs;
import dragoman.client.testing.TestHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.lsp4j.MessageActionItem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real daemon in projects that the editor does not trust, or not yet. Every start of the program leaves a line. */
@Timeout(60)
class TrustTest {
  @TempDir Path home;
  private TestHost host;
  private Dragoman dragoman;

  @BeforeEach
  void open() throws IOException {
    Path daemon = Programs.binaries().resolve("dragoman");
    Path noting = Programs.shell(home.resolve("noting"), "echo run >> " + home.resolve("runs") + "; exec " + daemon + " \"$@\"");
    host = new TestHost(home, noting.toString());
    host.trusted = false;
    dragoman = new Dragoman(host);
  }

  @AfterEach
  void close() throws InterruptedException {
    if (dragoman == null) return;
    long pid = dragoman.pid();
    dragoman.close();
    if (pid > 0) Programs.assertEnds(pid);
  }

  private boolean ran() {
    return Files.exists(home.resolve("runs"));
  }

  private RequestException refusal() {
    ExecutionException reason =
        assertThrows(ExecutionException.class, () -> dragoman.running().get(20, TimeUnit.SECONDS));
    return RequestException.of(reason);
  }

  @Test
  void nothingIsStartedInAProjectThatIsNotTrusted() throws Exception {
    assertTrue(refusal().gone());
    assertTrue(refusal().getMessage().contains("not trusted"), refusal().getMessage());
    dragoman.start();
    dragoman.restart();
    assertTrue(refusal().gone());
    assertEquals(Life.UNTRUSTED, dragoman.life());
    assertNull(dragoman.server());
    assertNull(dragoman.problem());
    assertFalse(ran());
    assertTrue(host.problems.isEmpty());
  }

  @Test
  void trustingStartsTheDaemonThatSomebodyHadAskedFor() throws Exception {
    assertTrue(refusal().gone());
    host.trusted = true;
    dragoman.trustChanged();
    eventually("the daemon", () -> dragoman.server() != null);
  }

  @Test
  void trustingStartsNothingThatNobodyHasAskedFor() throws Exception {
    host.trusted = true;
    dragoman.trustChanged();
    dragoman.settingsChanged();
    assertEquals(Life.STOPPED, dragoman.life());
    assertFalse(ran());
  }

  @Test
  void whoAsksAfterAChangeThatNobodyToldOfIsServed() throws Exception {
    assertTrue(refusal().gone());
    host.trusted = true;
    assertFalse(dragoman.running().get(20, TimeUnit.SECONDS) == null);
  }

  @Test
  void aProjectThatIsNoLongerTrustedLosesItsDaemon() throws Exception {
    host.trusted = true;
    dragoman.running().get(20, TimeUnit.SECONDS);
    long pid = dragoman.pid();
    host.trusted = false;
    dragoman.trustChanged();
    Programs.assertEnds(pid);
    assertTrue(refusal().gone());
    assertEquals(Life.UNTRUSTED, dragoman.life());
  }

  @Test
  void whatTheProjectsFilesAskForIsThePersonsToAnswer(@TempDir Path user) throws Exception {
    // A home folder is no project, nor is what holds it.
    host.environment.put("HOME", user.toString());
    Files.writeString(
        home.resolve(".dragoman.json"),
        """
        {"providers": {"own": {"preset": "openai-compatible", "baseUrl": "http://127.0.0.1:1/v1", "key": "none"}},
         "chat": {"model": "own/model"}}
        """);
    host.trusted = true;
    assertEquals("untrusted", kindOfAnswer());
    eventually("the question", () -> host.asked.size() == 1);
    assertEquals(
        List.of("Trust", "Not now", "Never"),
        host.asked.get(0).getActions().stream().map(MessageActionItem::getTitle).toList());
    // Turning away is no answer: it stays refused, and this daemon does not ask again.
    assertEquals("untrusted", kindOfAnswer());
    assertEquals(1, host.asked.size());
    host.answer = "Trust";
    dragoman.restart();
    // The next daemon asks again, once somebody needs the answer; from then on it is allowed.
    eventually("the gateway, where nobody listens", () -> kindOfAnswer().equals("network"));
    assertEquals(2, host.asked.size());
  }

  private String kindOfAnswer() {
    Protocol.ChatSend question = new Protocol.ChatSend(null, null, "Hi", null, null, null, null, null, null);
    ExecutionException reason =
        assertThrows(ExecutionException.class, () -> dragoman.chat(question, event -> {}).get(20, TimeUnit.SECONDS));
    return RequestException.of(reason).kind();
  }
}
