package dragoman.ide.edit;

import static dragoman.ide.Platform.command;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.intellij.openapi.editor.Document;
import com.intellij.openapi.editor.impl.DocumentImpl;
import dragoman.ide.Platform;
import java.util.List;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.TextEdit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Changes that wait over real documents. */
class HunksTest {
  private final Platform platform = new Platform();

  @AfterEach
  void close() {
    platform.close();
  }

  private static Document document(String text) {
    return new DocumentImpl(text, true); // not bound to a UI thread, which there is not
  }

  private static TextEdit edit(int line, int from, int toLine, int to, String text) {
    return new TextEdit(new Range(new Position(line, from), new Position(toLine, to)), text);
  }

  @Test
  void nothingChangesUntilTheyAreAcceptedAndThenAllDo() {
    Document document = document("a\nb\nc\n");
    Hunks hunks = Hunks.of(document, List.of(edit(2, 0, 2, 1, "C\r\nD"), edit(0, 0, 0, 1, "A")));
    assertEquals("A\nb\nC\nD\n", hunks.preview());
    assertEquals("a\nb\nc\n", document.getText());
    assertTrue(hunks.apply(null, "edit"));
    assertEquals("A\nb\nC\nD\n", document.getText());
  }

  @Test
  void theyKeepToTheirPlacesWhileTheRestChanges() {
    Document document = document("a\nb\nc\n");
    Hunks hunks = Hunks.of(document, List.of(edit(2, 0, 2, 1, "C")));
    command(() -> document.insertString(0, "new\n"));
    assertTrue(hunks.apply(null, "edit"));
    assertEquals("new\na\nb\nC\n", document.getText());
  }

  @Test
  void noneIsPutInWhereTheTextUnderOneHasChanged() {
    Document document = document("a\nb\nc\n");
    Hunks hunks = Hunks.of(document, List.of(edit(0, 0, 0, 1, "A"), edit(2, 0, 2, 1, "C")));
    command(() -> document.replaceString(4, 5, "x"));
    assertFalse(hunks.apply(null, "edit"));
    assertEquals("a\nb\nx\n", document.getText());
  }

  @Test
  void noneIsPutInWhereTheTextUnderOneIsGone() {
    Document document = document("a\nb\nc\n");
    Hunks hunks = Hunks.of(document, List.of(edit(2, 0, 2, 1, "C")));
    command(() -> document.deleteString(0, document.getTextLength()));
    assertFalse(hunks.apply(null, "edit"));
    assertEquals("", document.getText());
  }

  @Test
  void anInsertionStaysBetweenItsLines() {
    Document document = document("a\nb\n");
    Hunks hunks = Hunks.of(document, List.of(edit(1, 0, 1, 0, "new\n")));
    command(() -> document.insertString(0, "0\n"));
    assertTrue(hunks.apply(null, "edit"));
    assertEquals("0\na\nnew\nb\n", document.getText());
  }

  @Test
  void aFileThatCannotBeChangedIsNot() {
    Document document = document("a\n");
    Hunks hunks = Hunks.of(document, 0, 1, "b");
    document.setReadOnly(true);
    assertFalse(hunks.apply(null, "edit"));
    assertEquals("a\n", document.getText());
  }

  @Test
  void whatIsThereAlreadyIsNoChange() {
    assertTrue(Hunks.of(document("a\nb\n"), 0, 4, "a\nb\n").isEmpty());
  }
}
