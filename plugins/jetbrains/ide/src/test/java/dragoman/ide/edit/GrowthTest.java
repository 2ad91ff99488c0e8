package dragoman.ide.edit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class GrowthTest {
  private static String shown(String selected, String... pieces) {
    Growth growth = new Growth(selected);
    for (String piece : pieces) growth.add(piece);
    return growth.text();
  }

  @Test
  void streamedTextTakesThePlaceOfAsManyLinesAsItHas() {
    assertEquals("a\nb\nc", shown("a\nb\nc", ""));
    assertEquals("A\nb\nc", shown("a\nb\nc", "A\n"));
    assertEquals("A\nB\nc", shown("a\nb\nc", "A\nB"));
    assertEquals("A\nB\nC\nD", shown("a\nb\nc", "A\nB\nC\nD"));
    assertEquals("A\nB", shown("", "A\nB"));
    assertEquals("A\n", shown("a\n", "A\n"));
    assertEquals("A\nB\n", shown("a\n", "A\nB\n"));
  }

  @Test
  void itIsTheSameWhereverThePiecesAreCut() {
    String selected = "int f() {\n  return 1;\n}\n";
    String answer = "int f() {\n  // one\n  return 1;\n}\n";
    for (int first = 0; first <= answer.length(); ++first)
      for (int second = first; second <= answer.length(); ++second) {
        Growth growth = new Growth(selected);
        growth.add(answer.substring(0, first));
        growth.add(answer.substring(first, second));
        assertEquals(shown(selected, answer.substring(0, second)), growth.text());
        assertEquals(second, growth.length());
      }
  }

  @Test
  void aLineEndOfAnotherSystemNeverReachesTheDocumentAlsoWhenItIsCut() {
    assertEquals("A\nB\nc", shown("a\nb\nc", "A\r", "\nB\r\n"));
  }
}
