package dragoman.ide.ghost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.intellij.openapi.editor.Editor;
import com.intellij.openapi.editor.EditorFactory;
import com.intellij.openapi.editor.EditorKind;
import dragoman.client.GhostText.Extent;
import dragoman.ide.testing.Room;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of a suggestion while a person goes on working. */
class GhostTypingTest extends GhostRoom {
  @Test
  void typingWhatIsShownLeavesTheRestOfItBehindTheCaret() {
    show("urn 0;\n  // a\n  // b");
    for (String typed : List.of("u", "r", "n", " ", "0")) room.type(typed);
    assertEquals(List.of("23: ;", "23 below:   // a|  // b"), drawn());
    assertEquals("int main() {\n  return 0|\n}\n", room.text());
  }

  @Test
  void typingTheLineBreakBringsTheNextLineBehindTheCaret() {
    show("urn;\n  // a\n  // b");
    room.type("urn;\n");
    assertEquals(List.of("23:   // a", "23 below:   // b"), drawn());
  }

  @Test
  void typingAllOfItLeavesNothingToTake() {
    show("urn;");
    room.type("urn;");
    assertEquals(List.of(), drawn());
    assertFalse(presenter.accept(Extent.ALL));
  }

  @Test
  void typingSomethingElseBringsTheNextThatFitsAndHidesItWhereNoneDoes() {
    show("urn 0;", "ire();");
    room.type("i");
    assertEquals(List.of("19: re();"), drawn());
    room.type("x");
    assertEquals(List.of(), drawn());
  }

  @Test
  void deletingHidesIt() {
    show("urn 0;");
    room.backspace();
    assertEquals(List.of(), drawn());
  }

  @Test
  void undoingWhatWasTypedAlongHidesItAndRestoresTheText() {
    show("urn 0;");
    room.type("u");
    room.undo();
    assertEquals(List.of(), drawn());
    assertEquals(TEXT, room.text());
  }

  @Test
  void movingTheCaretHidesItForGood() {
    show("urn 0;");
    room.moveTo(3);
    assertEquals(List.of(), drawn());
    room.moveTo(18);
    assertEquals(List.of(), drawn());
  }

  @Test
  void aSecondCaretHidesItAndTypingThenGoesToBoth() {
    show("urn 0;");
    room.addCaret(0);
    assertEquals(List.of(), drawn());
    assertFalse(presenter.accept(Extent.ALL));
    room.type("u");
    assertEquals("u|int main() {\n  retu|\n}\n", room.text());
    assertEquals(List.of(), drawn());
  }

  @Test
  void aChangeElsewhereByAProgramHidesIt() {
    show("urn 0;");
    room.change("Reformat", () -> room.document().insertString(0, "// main\n"));
    assertEquals(List.of(), drawn());
    assertFalse(presenter.accept(Extent.ALL));
  }

  @Test
  void anotherDocumentIsNoConcernOfIt() {
    show("urn 0;");
    try (Room other = new Room("x|")) {
      other.type("u");
      assertEquals(List.of("18: urn 0;"), drawn());
      assertFalse(GhostPresenter.showsIn(other.editor()));
    }
    assertTrue(presenter.accept(Extent.ALL));
  }

  @Test
  void theSameDocumentInASecondEditorShowsNoneAndAChangeThereHidesIt() {
    Editor second = EditorFactory.getInstance().createEditor(room.document(), room.project(), EditorKind.MAIN_EDITOR);
    try {
      show("urn 0;");
      assertFalse(GhostPresenter.showsIn(second));
      assertTrue(second.getInlayModel().getInlineElementsInRange(0, 100).isEmpty());
      room.change("Typing", () -> room.document().insertString(0, "x"));
      assertEquals(List.of(), drawn());
    } finally {
      EditorFactory.getInstance().releaseEditor(second);
    }
  }
}
