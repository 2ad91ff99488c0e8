package dragoman.ide.edit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineDiffTest {
  private static String applied(String before, List<Texts.Change> changes) {
    StringBuilder out = new StringBuilder(before);
    for (int i = changes.size() - 1; i >= 0; --i)
      out.replace(changes.get(i).start(), changes.get(i).end(), changes.get(i).text());
    return out.toString();
  }

  @Test
  void eachRunOfLinesThatDifferIsAChangeOfItsOwn() {
    assertEquals(
        List.of(new Texts.Change(2, 4, "B\n"), new Texts.Change(8, 8, "new\n")),
        LineDiff.of("a\nb\nc\nd\ne\n", "a\nB\nc\nd\nnew\ne\n"));
  }

  @Test
  void equalTextsHaveNoChange() {
    assertEquals(List.of(), LineDiff.of("", ""));
    assertEquals(List.of(), LineDiff.of("a\nb", "a\nb"));
  }

  @Test
  void aMissingLastLineBreakIsAChange() {
    assertEquals(List.of(new Texts.Change(2, 3, "b\n")), LineDiff.of("a\nb", "a\nb\n"));
  }

  @Test
  void theChangesGiveTheNewTextAndTouchNoLineThatCouldStayForAnyTwoTexts() {
    Random random = new Random(11);
    for (int i = 0; i < 20_000; ++i) {
      String before = text(random);
      String after = text(random);
      List<Texts.Change> changes = LineDiff.of(before, after);
      assertEquals(after, applied(before, changes), before + " -> " + after);
      int end = -1;
      for (Texts.Change change : changes) {
        assertTrue(change.start() > end, "apart by a line at least: " + before + " -> " + after);
        end = change.end();
      }
    }
  }

  @Test
  void textsThatHaveTooMuchApartAreOneChange() {
    String before = "a\n".repeat(4_000);
    String after = "b\n".repeat(4_000);
    assertEquals(List.of(new Texts.Change(0, before.length(), after)), LineDiff.of(before, after));
  }

  private static String text(Random random) {
    StringBuilder out = new StringBuilder();
    for (int left = random.nextInt(9); left > 0; --left) out.append("abc".charAt(random.nextInt(3))).append('\n');
    if (random.nextInt(4) == 0) out.append('a');
    return out.toString();
  }
}
