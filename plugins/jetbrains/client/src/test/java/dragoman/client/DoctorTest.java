package dragoman.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dragoman.client.testing.Programs;
import dragoman.client.testing.TestGateway;
import dragoman.client.testing.TestHost;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DoctorTest {
  @TempDir Path home;

  @Test
  void theGatewaysOfTheSettingsAreTestedWithTheirKeys() throws Exception {
    Path binaries = Programs.binaries();
    try (TestGateway gateway = new TestGateway(binaries)) {
      TestHost host = new TestHost(home, binaries.resolve("dragoman").toString()).asking(gateway);
      List<String> lines = new ArrayList<>();
      boolean well = Doctor.run(host.launch(), host.settings, host.keys, lines::add);
      assertTrue(well, String.join("\n", lines));
      assertTrue(String.join("\n", lines).contains("test"), "the gateway is named");
      assertFalse(String.join("\n", lines).contains(TestGateway.KEY), "the key is shown");
    }
  }

  @Test
  void aKeyThatTheGatewayRefusesIsNotWell() throws Exception {
    Path binaries = Programs.binaries();
    try (TestGateway gateway = new TestGateway(binaries)) {
      TestHost host = new TestHost(home, binaries.resolve("dragoman").toString()).asking(gateway);
      List<String> lines = new ArrayList<>();
      assertFalse(Doctor.run(host.launch(), host.settings, Map.of("test", "sk-wrong-0123456789abcdef"), lines::add));
      assertFalse(String.join("\n", lines).contains("sk-wrong-0123456789abcdef"), "the key is shown");
    }
  }

  @Test
  void keysGoByNameOfAVariableAndOnlyTheGatewaysOfTheSettingsAreAsked() {
    JsonObject settings =
        JsonParser.parseString(
                "{\"providers\": {\"a\": {\"key\": \"editor\"}, \"b\": {}}, \"chat\": {\"model\": \"a/x\"},"
                    + " \"edit\": {\"model\": \"elsewhere/y\"}}")
            .getAsJsonObject();
    Map<String, String> environment = new HashMap<>();
    JsonObject config = Doctor.configuration(settings, Map.of("a", "sk-a"), environment);
    assertFalse(config.toString().contains("sk-a"));
    assertEquals(Map.of("DRAGOMAN_DOCTOR_KEY_1", "sk-a"), environment);
    assertTrue(config.has("chat"));
    assertFalse(config.has("edit"));
    assertEquals("editor", settings.getAsJsonObject("providers").getAsJsonObject("a").get("key").getAsString());
  }

  @Test
  void aProgramThatIsNotThereIsSaid() {
    TestHost host = new TestHost(home, home.resolve("nothing").toString());
    assertThrows(DaemonProblem.class, () -> Doctor.run(host.launch(), new JsonObject(), Map.of(), line -> {}));
  }
}
