package dragoman.ide.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dragoman.ide.settings.Settings.Gateway;
import dragoman.ide.settings.Settings.Values;
import org.junit.jupiter.api.Test;

class SettingsTest {
  private static Settings with(String role, String model, String gateway) {
    Values values = new Values();
    if (role != null) values.models.put(role, model);
    if (gateway != null) values.gateways.put(gateway, new Gateway());
    Settings settings = new Settings();
    settings.loadState(values);
    return settings;
  }

  @Test
  void aChoiceIsKeptWhereOneStandsAlready() {
    assertTrue(with("chat", "a/m", null).keepsModel("chat", "other/model"));
    assertFalse(with("chat", "a/m", null).keepsModel("completion", "other/model"));
  }

  @Test
  void aChoiceAmongTheIdesOwnGatewaysIsKeptHere() {
    assertTrue(with(null, null, "work").keepsModel("completion", "work/deep/seek"));
    assertFalse(with(null, null, "work").keepsModel("completion", "worker/model"));
  }

  @Test
  void choosingAModelChangesNothingElseAndNothingThatOthersMayBeReading() {
    Settings settings = with("chat", "a/m", "work");
    Values before = settings.getState();
    before.program = "/opt/dragoman";
    before.completionEnabled = false;
    settings.setModel("completion", "work/new");
    Values after = settings.getState();
    assertFalse(before.models.containsKey("completion"));
    assertEquals("work/new", after.models.get("completion"));
    assertEquals("a/m", after.models.get("chat"));
    assertEquals("/opt/dragoman", after.program);
    assertFalse(after.completionEnabled);
    assertSame(before.gateways, after.gateways);
    assertEquals("work/new", settings.overlay().getAsJsonObject("completion").get("model").getAsString());
  }
}
