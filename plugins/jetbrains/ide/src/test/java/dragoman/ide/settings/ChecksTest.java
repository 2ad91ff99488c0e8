package dragoman.ide.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dragoman.ide.settings.Settings.Gateway;
import dragoman.ide.settings.Settings.Values;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChecksTest {
  private static Values with(String name, String preset, String address, String model) {
    Values values = new Values();
    Gateway gateway = new Gateway();
    gateway.preset = preset;
    gateway.baseUrl = address;
    values.gateways.put(name, gateway);
    values.models.put("chat", model);
    return values;
  }

  @Test
  void settingsAsTheyShouldBeHaveNoProblem() {
    assertTrue(Checks.of(with("work", "openai-compatible", "https://gateway.example/v1", "work/gpt-4o")).isEmpty());
    assertTrue(Checks.of(with("local.1", "ollama", "", "local.1/org/model:7b")).isEmpty());
    assertTrue(Checks.of(new Values()).isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "a/b, ollama, '', '', settings.bad.name",
    "'', ollama, '', '', settings.bad.name",
    "work, x, gateway.example/v1, '', settings.bad.address",
    "work, x, ftp://gateway.example, '', settings.bad.address",
    "work, x, https://, '', settings.bad.address",
    "work, x, 'https://a b', '', settings.bad.address",
    "work, x, https://user:secret@gateway.example, '', settings.bad.address",
    "work, '', '', '', settings.bad.nothing",
    "work, x, '', gpt-4o, settings.bad.model",
    "work, x, '', 'work/a b', settings.bad.model",
  })
  void whatIsWrongIsNamed(String name, String preset, String address, String model, String problem) {
    assertEquals(problem, Checks.of(with(name, preset, address, model)).orElseThrow().key());
  }

  @Test
  void aKeyIsOneWord() {
    assertTrue(Checks.isKey("sk-0123"));
    assertFalse(Checks.isKey(""));
    assertFalse(Checks.isKey("sk 1"));
    assertFalse(Checks.isKey("sk\n1"));
  }
}
