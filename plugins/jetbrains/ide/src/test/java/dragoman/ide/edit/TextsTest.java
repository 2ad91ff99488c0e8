package dragoman.ide.edit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TextsTest {
  private static String applied(String before, Texts.Change change) {
    return before.substring(0, change.start()) + change.text() + before.substring(change.end());
  }

  @Test
  void onlyWhatDiffersIsReplaced() {
    Texts.Change change = Texts.between("a\nb\nc\nd\n", "a\nxy\nc\nd\n");
    assertEquals(new Texts.Change(2, 3, "xy"), change);
  }

  @Test
  void equalTextsAreNothing() {
    assertTrue(Texts.between("a\nb", "a\nb").isNothing());
    assertTrue(Texts.between("", "").isNothing());
  }

  @Test
  void whatIsReplacedGivesTheNewTextForAnyTwoTexts() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; ++i) {
      String before = text(random);
      String after = text(random);
      assertEquals(after, applied(before, Texts.between(before, after)), before + " -> " + after);
    }
  }

  @Test
  void codeTakesTheLineEndOfWhatItReplaces() {
    assertEquals("x\n", Texts.inPlaceOf("a\n", "x", false));
    assertEquals("x", Texts.inPlaceOf("a", "x\n", false));
    assertEquals("x\n", Texts.inPlaceOf("", "x\n", true));
  }

  @Test
  void everyLineEndIsTheOneThatDocumentsKnow() {
    assertEquals("a\nb\nc\n\nd", Texts.normal("a\r\nb\rc\n\r\nd"));
  }

  private static String text(Random random) {
    StringBuilder out = new StringBuilder();
    for (int left = random.nextInt(7); left > 0; --left) out.append("ab\n".charAt(random.nextInt(3)));
    return out.toString();
  }
}
