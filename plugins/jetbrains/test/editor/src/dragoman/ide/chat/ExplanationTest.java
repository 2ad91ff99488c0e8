package dragoman.ide.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dragoman.client.Protocol.ContextItem;
import dragoman.ide.testing.OnUi;
import dragoman.ide.testing.Room;
import java.util.List;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is asked where code is to be explained. */
@ExtendWith(OnUi.class)
class ExplanationTest {
  private Room room;

  @AfterEach
  void close() {
    room.close();
  }

  private void open(String text) {
    room = new Room("/p/a.py", text);
  }

  private Explanation asked() {
    return Explanation.of(room.project(), room.editor());
  }

  private static List<ContextItem> lines(int startLine, int startColumn, int endLine, int endColumn) {
    Range range = new Range(new Position(startLine, startColumn), new Position(endLine, endColumn));
    return List.of(ContextItem.range("file:///p/a.py", range));
  }

  @Test
  void aSelectionIsWhatIsAskedAbout() {
    open("one\ntwo|\nthree\n");
    room.editor().getSelectionModel().setSelection(4, 9);
    assertEquals(new Explanation("Explain this code.", lines(1, 0, 2, 1)), asked());
  }

  @Test
  void withoutOneItIsTheCaretsLineAmongThoseAroundIt() {
    open("|" + "line {0}'s\n".repeat(200));
    room.moveTo("line {0}'s\n".length() * 100 + 4);
    assertEquals(
        new Explanation(
            "Explain line 101 and the code around it:\n\n    line {0}'s",
            lines(100 - Explanation.AROUND, 0, 100 + Explanation.AROUND, 10)),
        asked());
  }

  @Test
  void aBlankLineAndAnEmptyFileAreAskedAboutByTheirLine() {
    open("one\n  |\n");
    assertEquals(new Explanation("Explain the code around line 2.", lines(0, 0, 2, 0)), asked());
    room.change("Clear", () -> room.document().setText(""));
    assertEquals(new Explanation("Explain the code around line 1.", lines(0, 0, 0, 0)), asked());
  }
}
