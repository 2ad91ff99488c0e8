package dragoman.ide;

import static dragoman.ide.Platform.fake;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.intellij.notification.Notification;
import com.intellij.openapi.project.Project;
import dragoman.client.DaemonProblem;
import dragoman.client.Dragoman;
import dragoman.client.Host;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is told where there is no daemon: the settings name a program that is not there. */
@Timeout(60)
class MessagesTest {
  private final LinkedBlockingQueue<DaemonProblem> failed = new LinkedBlockingQueue<>();
  @TempDir Path home;
  private Platform platform;
  private Dragoman dragoman;
  private Messages messages;

  @BeforeEach
  void start() {
    platform = new Platform();
    Notification.SHOWN.clear();
    Host.Launch launch =
        new Host.Launch(home.resolve("nowhere").toString(), null, Map.of(), home, "test", "1");
    Host host =
        fake(
            Host.class,
            (method, arguments) ->
                switch (method) {
                  case "trusted" -> true;
                  case "launch" -> launch;
                  case "failed" -> failed.add((DaemonProblem) arguments[0]);
                  default -> null;
                });
    dragoman = new Dragoman(host);
    messages = new Messages(fake(Project.class, (method, arguments) -> null), dragoman);
  }

  @AfterEach
  void stop() {
    dragoman.close();
    platform.close();
  }

  private Throwable refusal() {
    CompletableFuture<?> asked = dragoman.running();
    return assertThrows(ExecutionException.class, () -> asked.get(20, TimeUnit.SECONDS));
  }

  /** As the service does it: the client tells of the problem, and whoever waited tells of their failure. */
  private void fail() throws InterruptedException {
    Throwable reason = refusal();
    messages.show(failed.poll(20, TimeUnit.SECONDS));
    messages.report(reason);
    messages.report(reason);
  }

  @Test
  void aMissingDaemonIsOneMessageThatCanBeTriedAgain() throws Exception {
    fail();
    assertEquals(1, Notification.SHOWN.size());
    Notification only = Notification.SHOWN.get(0);
    assertTrue(only.text.contains("nowhere"), only.text);
    assertEquals(
        List.of(DragomanBundle.message("action.openSettings"), DragomanBundle.message("action.tryAgain")),
        only.actions.stream().map(action -> action.text).toList());
  }

  @Test
  void whoAsksOnceTheBalloonIsGoneIsToldAgainAndOneMessageStands() throws Exception {
    fail();
    Notification.SHOWN.get(0).fade();
    messages.report(refusal());
    assertEquals(2, Notification.SHOWN.size());
    assertEquals(List.of(Notification.SHOWN.get(1)), Notification.standing());
    assertEquals(2, Notification.SHOWN.get(1).actions.size());
  }

  @Test
  void anotherFailureTakesThePlaceOfTheOneBefore() throws Exception {
    fail();
    dragoman.restart();
    DaemonProblem again = failed.poll(20, TimeUnit.SECONDS);
    assertNotNull(again);
    messages.show(again);
    assertEquals(List.of(Notification.SHOWN.get(1)), Notification.standing());
  }

  @Test
  void whatWasCancelledIsNotTold() throws Exception {
    fail();
    messages.report(new CancellationException());
    assertEquals(1, Notification.SHOWN.size());
  }
}
