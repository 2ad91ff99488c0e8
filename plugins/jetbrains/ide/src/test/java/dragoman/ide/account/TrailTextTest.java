package dragoman.ide.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dragoman.client.Protocol.Timings;
import dragoman.client.Protocol.TrailEntry;
import dragoman.client.Protocol.TrailStep;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.eclipse.lsp4j.Position;
import org.junit.jupiter.api.Test;

class TrailTextTest {
  private final TrailText text = new TrailText(uri -> uri.replaceFirst(".*/", ""), Locale.UK, ZoneOffset.UTC);

  private static TrailEntry entry(String source, String model, TrailStep... steps) {
    return new TrailEntry(
        "2026-01-31T08:09:10Z", "file:///p/calc.py", new Position(1, 11), "shown", source, model, new Timings(75, 200, 310), List.of(steps));
  }

  @Test
  void aRequestIsALineAndBelowItAreItsSteps() {
    assertEquals(
        "08:09:10  calc.py:2:12  shown  upstream  g/m  310 ms\n    extent: a line\n    filter: nothing removed\n",
        text.of(List.of(entry("upstream", "g/m", new TrailStep("extent", "a line"), new TrailStep("filter", "nothing removed")))));
  }

  @Test
  void requestsStandApartInTheirOrder() {
    String both = text.of(List.of(entry("cache", "g/one"), entry("upstream", "g/two")));
    assertTrue(both.indexOf("g/one") < both.indexOf("g/two"), both);
    assertTrue(both.contains("ms\n\n08"), both);
  }

  @Test
  void whatTheDaemonDoesNotSayIsLeftOut() {
    assertEquals("08:09:10  calc.py:2:12  shown  310 ms\n", text.of(List.of(entry(null, null))));
    assertEquals("soon  cancelled\n", text.of(List.of(new TrailEntry("soon", null, null, "cancelled", null, null, null, null))));
    assertEquals("", text.of(List.of()));
    assertEquals("", text.of(null));
  }

  @Test
  void aTextThatWouldTurnTheLineAroundIsSeenInstead() {
    String words = text.of(List.of(entry("upstream", "g/m", new TrailStep("context", "a\u202eb"))));
    assertTrue(words.contains("aU+202Eb"), words);
    assertFalse(words.contains("\u202e"));
  }

  @Test
  void aDetailOfManyLinesStaysOne() {
    String words = text.of(List.of(entry("upstream", "g/m", new TrailStep("context", "a\n08:09:10\u2028\u0085b"))));
    assertTrue(words.endsWith("\n    context: a 08:09:10  b\n"), words);
  }
}
