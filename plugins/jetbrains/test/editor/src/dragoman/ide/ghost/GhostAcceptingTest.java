package dragoman.ide.ghost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dragoman.client.GhostText.Extent;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Taking a suggestion, and taking that back. */
class GhostAcceptingTest extends GhostRoom {
  @Test
  void allOfItIsOneStepToUndo() {
    show("urn 0;\n  // b");
    assertTrue(presenter.accept(Extent.ALL));
    assertEquals("int main() {\n  return 0;\n  // b|\n}\n", room.text());
    assertEquals(List.of(), drawn());
    assertEquals("Undo Accept Suggestion", room.undoName());
    room.undo();
    assertEquals(TEXT, room.text());
    assertFalse(room.canUndo());
    assertEquals(List.of(), drawn());
  }

  @Test
  void aWordLeavesTheRestInSightAndIsAStepOfItsOwn() {
    show("urn 0;\n  // b\n  // c");
    assertTrue(press(new GhostAction.AcceptWord()));
    assertEquals(List.of("21:  0;", "21 below:   // b|  // c"), drawn());
    assertTrue(press(new GhostAction.AcceptWord()));
    assertEquals("int main() {\n  return 0|\n}\n", room.text());
    room.undo();
    assertEquals("int main() {\n  return|\n}\n", room.text());
    room.undo();
    assertEquals(TEXT, room.text());
    assertEquals(List.of(), drawn());
  }

  @Test
  void linesAreTakenOneByOneUntilNoneIsLeft() {
    show("urn 0;\n  // b\n  // c");
    assertTrue(press(new GhostAction.AcceptLine()));
    assertEquals("int main() {\n  return 0;|\n}\n", room.text());
    assertEquals(List.of("24 below:   // b|  // c"), drawn());
    assertTrue(press(new GhostAction.AcceptLine()));
    assertTrue(press(new GhostAction.AcceptLine()));
    assertEquals("int main() {\n  return 0;\n  // b\n  // c|\n}\n", room.text());
    assertFalse(press(new GhostAction.AcceptLine()));
  }

  @Test
  void theKeysAreTheEditorsOwnWhileNothingIsShown() {
    assertFalse(press(new GhostAction.Accept()));
    assertFalse(press(new GhostAction.Dismiss()));
    show("urn 0;");
    assertTrue(press(new GhostAction.Accept()));
    assertFalse(press(new GhostAction.Accept()));
    assertEquals("int main() {\n  return 0;|\n}\n", room.text());
  }

  @Test
  void escapeHidesItAndChangesNothing() {
    show("urn 0;\n  // b");
    assertTrue(press(new GhostAction.Dismiss()));
    assertEquals(List.of(), drawn());
    assertEquals(TEXT, room.text());
    assertFalse(room.canUndo());
    assertFalse(press(new GhostAction.Accept()));
  }

  @Test
  void whatWasTypedAlongAndWhatWasTakenAreTakenBackOneAfterTheOther() {
    show("urn 0;");
    room.type("u");
    assertTrue(press(new GhostAction.Accept()));
    room.undo();
    assertEquals("int main() {\n  retu|\n}\n", room.text());
    room.undo();
    assertEquals(TEXT, room.text());
  }

  @Test
  void aLongSuggestionIsTakenWhole() {
    StringBuilder lines = new StringBuilder("urn 0;");
    for (int i = 0; i < 2000; ++i) lines.append("\n  // ").append(i);
    show(lines.toString());
    assertTrue(presenter.accept(Extent.ALL));
    assertEquals(2003, room.document().getLineCount() - 1);
    room.undo();
    assertEquals(TEXT, room.text());
  }

  @Test
  void aFileThatBecameReadOnlyIsNotWritten() {
    show("urn 0;");
    room.document().setReadOnly(true);
    assertFalse(presenter.accept(Extent.ALL));
    assertEquals(TEXT, room.text());
  }

  @Test
  void charactersOfTwoUnitsAreNeverCut() {
    show("urn \"𝒳𝒳\";");
    room.type("urn");
    assertTrue(presenter.accept(Extent.WORD));
    assertTrue(presenter.accept(Extent.WORD));
    assertEquals("int main() {\n  return \"𝒳𝒳|\n}\n", room.text());
  }
}
