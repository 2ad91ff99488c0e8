package dragoman.ide.ghost;

import static dragoman.client.testing.TestHost.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dragoman.client.GhostText.Extent;
import dragoman.client.testing.Programs;
import dragoman.client.testing.TestGateway;
import dragoman.ide.DragomanService;
import dragoman.ide.settings.Keys;
import dragoman.ide.settings.Settings;
import dragoman.ide.testing.Ide;
import dragoman.ide.testing.OnUi;
import dragoman.ide.testing.Room;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From a key in the editor to the gateway and back, with the real daemon. The test's thread is not the UI thread. */
@Timeout(60)
class GhostDaemonTest {
  private static final String TEXT = "def is_even(n):\n    return|\n";

  @TempDir Path home;
  private TestGateway gateway;
  private Room room;

  @BeforeEach
  void open() throws Exception {
    Path binaries = Programs.binaries();
    gateway = new TestGateway(binaries);
    OnUi.run(Ide::start);
    Settings.Values settings = new Settings.Values();
    settings.program = binaries.resolve("dragoman").toString();
    Settings.Gateway asked = new Settings.Gateway();
    asked.preset = "opencodex";
    asked.baseUrl = gateway.url();
    asked.hasKey = true;
    settings.gateways.put("test", asked);
    settings.models.put("completion", "test/deepseek-chat");
    Settings.get().loadState(settings);
    Keys.set("test", TestGateway.KEY);
    room = OnUi.call(() -> new Room(home.resolve("calc.py").toString(), TEXT));
  }

  @AfterEach
  void close() throws Exception {
    if (room == null) return;
    long pid = DragomanService.of(room.project()).dragoman().pid();
    OnUi.run(room::close);
    Settings.get().loadState(new Settings.Values());
    if (pid > 0) Programs.assertEnds(pid);
    gateway.close();
  }

  private void type(String text) {
    OnUi.run(() -> room.type(text));
  }

  private List<String> drawn() {
    return OnUi.call(
        () -> room.inlays().stream().map(inlay -> String.join("|", ((GhostRenderer) inlay.getRenderer()).lines())).toList());
  }

  private void untilDrawn(String... lines) throws InterruptedException {
    eventually("drawn: " + List.of(lines), () -> drawn().equals(List.of(lines)));
  }

  @Test
  void aSuggestionComesWhileOneTypesAndIsTaken() throws Exception {
    type(" ");
    untilDrawn("n % 2 == 0");
    assertTrue(OnUi.call(() -> GhostPresenter.of(room.editor()).accept(Extent.ALL)));
    assertEquals("def is_even(n):\n    return n % 2 == 0|\n", OnUi.call(room::text));
  }

  @Test
  void typingAlongAndTakingWordsAsksTheGatewayNoSecondTime() throws Exception {
    type(" ");
    untilDrawn("n % 2 == 0");
    type("n");
    assertEquals(List.of(" % 2 == 0"), drawn());
    assertTrue(OnUi.call(() -> GhostPresenter.of(room.editor()).accept(Extent.WORD)));
    assertEquals(List.of(" 2 == 0"), drawn());
    assertEquals(1, gateway.questions().stream().filter(question -> question.contains("is_even")).count());
  }

  @Test
  void anAnswerThatComesAfterTheCaretHasLeftIsNotDrawn() throws Exception {
    TestGateway.Gate gate = new TestGateway.Gate();
    gateway.answer("is_even", "n % ", gate, "2 == 1");
    type(" ");
    eventually("asked", () -> !gateway.questions().isEmpty());
    OnUi.run(() -> room.moveTo(0));
    gate.open();
    int end = room.document().getTextLength();
    OnUi.run(() -> room.moveTo(end));
    type("#");
    eventually("another one", () -> !drawn().isEmpty());
    assertEquals(end + 1, OnUi.call(() -> room.inlays().get(0).getOffset()));
    assertFalse(drawn().get(0).contains("2 == 1"), drawn().toString());
  }

  @Test
  void aSuggestionThatWasUndoneComesBackWhenItsPlaceIsTypedAgain() throws Exception {
    type(" ");
    untilDrawn("n % 2 == 0");
    OnUi.run(room::undo);
    assertEquals(List.of(), drawn());
    type(" ");
    untilDrawn("n % 2 == 0");
  }

  @Test
  void withoutADaemonThePersonIsToldWhereItWasLookedFor() throws Exception {
    Settings.get().getState().program = home.resolve("nowhere").toString();
    type(" ");
    eventually("told", () -> OnUi.call(() -> !room.told().isEmpty()));
    assertTrue(room.told().get(0).contains("nowhere"), room.told().toString());
    assertEquals(List.of(), drawn());
  }
}
