package dragoman.ide.edit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dragoman.ide.testing.OnUi;
import dragoman.ide.testing.Room;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Code of an answer that a person puts into the editor. */
@ExtendWith(OnUi.class)
class InsertTest {
  private Room room;

  @BeforeEach
  void open() {
    room = new Room("one\ntwo|\nthree\n");
  }

  @AfterEach
  void close() {
    room.close();
  }

  private void insert(String code) {
    Proposal.insert(room.project(), room.editor(), code);
  }

  @Test
  void itGoesToTheCaretWhichThenStandsBehindIt() {
    insert("();\nmore();");
    assertEquals("one\ntwo();\nmore();|\nthree\n", room.text());
  }

  @Test
  void itTakesThePlaceOfTheSelection() {
    room.editor().getSelectionModel().setSelection(0, 7);
    insert("2");
    assertEquals("2|\nthree\n", room.text());
    assertFalse(room.editor().getSelectionModel().hasSelection());
  }

  @Test
  void itIsOneStepToUndoEvenOverASelection() {
    room.editor().getSelectionModel().setSelection(0, 7);
    insert("2\n3\n4");
    room.undo();
    assertEquals("one\ntwo\nthree\n", room.document().getText());
    assertFalse(room.canUndo());
  }

  @Test
  void itFitsTheStartTheEndAndAnEmptyDocument() {
    room.moveTo(0);
    insert("a\n");
    room.moveTo(room.document().getTextLength());
    insert("z");
    assertEquals("a\none\ntwo\nthree\nz|", room.text());
    room.change("Clear", () -> room.document().setText(""));
    insert("x");
    assertEquals("x|", room.text());
  }

  @Test
  void linesOfWindowsGoInAsLines() {
    insert("\r\nmore();\r\n");
    assertEquals("one\ntwo\nmore();\n|\nthree\n", room.text());
  }

  @Test
  void aReadOnlyFileStaysAsItIsAndThePersonIsTold() {
    room.document().setReadOnly(true);
    insert("x");
    assertEquals("one\ntwo|\nthree\n", room.text());
    assertEquals(1, room.told().size());
    assertTrue(room.told().get(0).contains("cannot be changed"), room.told().toString());
  }

  @Test
  void insideOfAFoldItGoesWhereTheCaretIs() {
    room.fold(0, 7);
    int at = room.editor().getCaretModel().getOffset();
    insert("x");
    assertEquals("one\ntwo\nthree\n".substring(0, at) + "x|" + "one\ntwo\nthree\n".substring(at), room.text());
    assertEquals(List.of(), room.told());
  }
}
