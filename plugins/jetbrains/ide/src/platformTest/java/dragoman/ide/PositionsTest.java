package dragoman.ide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.intellij.openapi.editor.Document;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where what was typed for an entry of the IDE's own list stands in the text. */
class PositionsTest {
  private static final String TEXT = "def f(n):\n    retu\n";
  private static final int END = TEXT.indexOf("retu") + 4;

  private Platform platform;
  private Document document;

  @BeforeEach
  void open() {
    platform = new Platform();
    document = platform.document("/p/calc.py", TEXT);
  }

  @AfterEach
  void close() {
    platform.close();
  }

  private Range before(int offset, String text) {
    return Positions.before(document, offset, text);
  }

  @Test
  void whatWasTypedEndsAtTheCaret() {
    assertEquals(new Range(new Position(1, 4), new Position(1, 8)), before(END, "retu"));
    assertEquals(new Range(new Position(1, 8), new Position(1, 8)), before(END, ""));
  }

  @Test
  void whatIsNotThereHasNoPlace() {
    assertNull(before(END, "Retu"));
    assertNull(before(END - 1, "retu"));
    assertNull(before(2, "retu"));
    assertNull(before(TEXT.length() + 1, "\n"));
  }
}
