package dragoman.ide.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dragoman.client.Dragoman.Life;
import dragoman.client.Protocol.CompletionStatus;
import dragoman.client.Protocol.Status;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StatusLookTest {
  private static StatusLook look(Life life, Status status, boolean enabled) {
    return StatusLook.of(life, status, enabled, (key, params) -> key + Arrays.toString(params));
  }

  private static Status status(String state, String message, String until, String model) {
    return new Status(state, message, new CompletionStatus(true, model), null, 0, until, null, null);
  }

  @ParameterizedTest
  @EnumSource(Life.class)
  void everyLifeHasAWordAndASentence(Life life) {
    StatusLook look = look(life, null, true);
    assertTrue(look.text().startsWith("dragoman"));
    assertFalse(look.tooltip().isBlank());
  }

  @Test
  void anErrorIsTheDaemonsOwnSentence() {
    StatusLook look = look(Life.RUNNING, status("error", "The key was refused.", null, null), true);
    assertEquals("The key was refused.", look.tooltip());
    assertTrue(look.trouble());
  }

  @Test
  void aLimitSaysUntilWhenWhereThatIsKnown() {
    assertTrue(
        look(Life.RUNNING, status("limited", "Too many.", "2026-01-31T08:00:00Z", null), true)
            .tooltip()
            .startsWith("status.limited["));
    assertEquals("Too many.", look(Life.RUNNING, status("limited", "Too many.", "soon", null), true).tooltip());
    assertEquals("Too many.", look(Life.RUNNING, status("limited", "Too many.", null, null), true).tooltip());
  }

  @Test
  void theModelIsNamedUnlessSuggestionsAreOff() {
    assertEquals("status.ready[g/m]", look(Life.RUNNING, status("idle", "", null, "g/m"), true).tooltip());
    assertEquals("status.off[]", look(Life.RUNNING, status("idle", "", null, "g/m"), false).tooltip());
    assertEquals("status.noModel[]", look(Life.RUNNING, status("idle", "", null, null), true).tooltip());
  }

  @Test
  void aStateOfANewerDaemonIsNoTrouble() {
    assertFalse(look(Life.RUNNING, status("dreaming", null, null, "g/m"), true).trouble());
    assertFalse(look(Life.RUNNING, new Status(null, null, null, null, 0, null, null, null), true).trouble());
  }
}
