package dragoman.ide.ghost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.intellij.openapi.editor.Inlay;
import dragoman.client.GhostText.Extent;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a suggestion looks like in the editor. */
class GhostDrawingTest extends GhostRoom {
  private BufferedImage picture() {
    return room.picture(400, 160);
  }

  /** How many pixels of [top, bottom) are not the same. */
  private static int differences(BufferedImage one, BufferedImage other, int top, int bottom) {
    int count = 0;
    for (int y = top; y < bottom; ++y)
      for (int x = 0; x < one.getWidth(); ++x) if (one.getRGB(x, y) != other.getRGB(x, y)) ++count;
    return count;
  }

  @Test
  void theRestOfTheLineStandsBehindTheCaretAndTheOtherLinesPushWhatFollowsDown() {
    int line = room.editor().getLineHeight();
    int brace = room.editor().offsetToXY(19).y;
    show("urn 0;\n  // a\n  // b");
    assertEquals(List.of("18: urn 0;", "18 below:   // a|  // b"), drawn());
    Rectangle inline = room.inlays().get(0).getBounds();
    Rectangle block = room.inlays().get(1).getBounds();
    assertEquals(room.editor().offsetToXY(18, false, false).x, inline.x);
    assertEquals(line, inline.y);
    assertEquals(2 * line, block.y);
    assertEquals(2 * line, block.height);
    assertEquals(brace + 2 * line, room.editor().offsetToXY(19).y);
  }

  @Test
  void itIsInkOnTheScreenAndNoPartOfTheText() {
    BufferedImage before = picture();
    long stamp = room.document().getModificationStamp();
    show("urn 0;\n  // a");
    int line = room.editor().getLineHeight();
    BufferedImage shown = picture();
    assertTrue(differences(before, shown, line, 2 * line) > 30, "the rest of the line");
    assertTrue(differences(before, shown, 2 * line, 3 * line) > 30, "the line below");
    assertEquals(0, differences(before, shown, 0, line), "the line above");
    assertEquals(TEXT, room.text());
    assertEquals(stamp, room.document().getModificationStamp());
    assertFalse(room.canUndo());
    presenter.dismiss();
    assertEquals(0, differences(before, picture(), 0, before.getHeight()));
  }

  @Test
  void theLineGrowsByTheWidthOfWhatIsDrawn() {
    show("urn 0;");
    Inlay<?> inlay = room.inlays().get(0);
    int narrow = inlay.getWidthInPixels();
    show("urn 0; // and a good deal more");
    assertTrue(room.inlays().get(0).getWidthInPixels() > 2 * narrow);
    assertFalse(inlay.isValid());
  }

  @Test
  void aLongBlockIsAsHighAsItsLinesAndTheLastOfThemIsDrawn() {
    int height = room.editor().getContentComponent().getPreferredSize().height;
    show("urn 0;\n" + String.join("\n", Collections.nCopies(200, "  // line")));
    int line = room.editor().getLineHeight();
    assertEquals(height + 200 * line, room.editor().getContentComponent().getPreferredSize().height);
    int last = room.inlays().get(1).getBounds().y + 199 * line;
    BufferedImage shown = room.picture(400, last + 2 * line);
    presenter.dismiss();
    assertTrue(differences(shown, room.picture(400, last + 2 * line), last, last + line) > 30);
  }

  @Test
  void aSuggestionThatBeginsWithALineBreakIsABlockAlone() {
    show("\n  // a\n  // b");
    assertEquals(List.of("18 below:   // a|  // b"), drawn());
  }

  @Test
  void itMovesUpWithItsLineWhenTextAboveIsFolded() {
    show("urn 0;");
    room.fold(0, 14);
    assertEquals(0, room.inlays().get(0).getBounds().y);
    assertEquals(List.of("18: urn 0;"), drawn());
  }

  @Test
  void foldingTheCaretAwayHidesIt() {
    show("urn 0;\n  // a");
    room.fold(3, 20);
    assertEquals(List.of(), drawn());
    assertFalse(presenter.accept(Extent.ALL));
  }

  @Test
  void anEditorMayBeClosedWithASuggestionInIt() {
    show("urn 0;\n  // a");
    room.closeEditor();
    presenter.caretMoved();
    presenter.dismiss();
    assertFalse(GhostPresenter.showsIn(room.editor()));
  }
}
