package dragoman.ide.ghost;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.intellij.openapi.editor.DefaultLanguageHighlighterColors;
import com.intellij.openapi.editor.colors.TextAttributesKey;
import com.intellij.openapi.editor.markup.HighlighterTargetArea;
import com.intellij.openapi.editor.markup.TextAttributes;
import dragoman.client.GhostText;
import dragoman.client.Protocol.InlineCompletionItem;
import dragoman.ide.testing.OnUi;
import dragoman.ide.testing.Room;
import java.awt.image.BufferedImage;
import java.io.File;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The picture of the plugin's README; -Ddragoman.pictures is the folder that it is written to. */
@ExtendWith(OnUi.class)
class PictureTest {
  private static final String TEXT =
      """
      struct Point {
        double x, y;
      };

      // The distance between two points.
      double distance(Point a, Point b) {
        |
      }

      int main() {
        return distance({0, 0}, {3, 4}) == 5 ? 0 : 1;
      }
      """;
  private static final String REST =
      "const double dx = a.x - b.x;\n  const double dy = a.y - b.y;\n  return std::sqrt(dx * dx + dy * dy);";

  private Room room;

  @Test
  void theSuggestionIsDrawnInTheColourOfHintsBetweenTheLinesOfTheProgram() throws Exception {
    room = new Room(TEXT);
    try {
      room.editor().getColorsScheme().setEditorFontSize(14);
      paint("\\b(struct|double|int|return)\\b", DefaultLanguageHighlighterColors.KEYWORD);
      paint("//.*", DefaultLanguageHighlighterColors.LINE_COMMENT);
      paint("\\b[0-9]\\b", DefaultLanguageHighlighterColors.NUMBER);
      int caret = room.editor().getCaretModel().getOffset();
      int rows = room.document().getLineCount();
      GhostPresenter.of(room.editor()).show(List.of(GhostText.at(caret, new InlineCompletionItem(REST, null, null))));
      BufferedImage picture = room.window(560, (rows + 2) * room.editor().getLineHeight(), 2);
      assertTrue(holds(picture, hint()), "no ink in the colour of hints");
      String folder = System.getProperty("dragoman.pictures", "");
      if (!folder.isEmpty()) ImageIO.write(picture, "png", new File(folder, "jetbrains-ghost.png"));
    } finally {
      room.close();
    }
  }

  /** Colours what an IDE would by the language's lexer, of which a bare platform has none. */
  private void paint(String pattern, TextAttributesKey key) {
    TextAttributes look = room.editor().getColorsScheme().getAttributes(key);
    for (Matcher found = Pattern.compile(pattern).matcher(room.document().getText()); found.find(); )
      room.editor()
          .getMarkupModel()
          .addRangeHighlighter(found.start(), found.end(), 0, look, HighlighterTargetArea.EXACT_RANGE);
  }

  private int hint() {
    return room.editor()
        .getColorsScheme()
        .getAttributes(TextAttributesKey.createTextAttributesKey("INLINE_PARAMETER_HINT"))
        .getForegroundColor()
        .getRGB();
  }

  private static boolean holds(BufferedImage picture, int colour) {
    for (int y = 0; y < picture.getHeight(); ++y)
      for (int x = 0; x < picture.getWidth(); ++x) if (picture.getRGB(x, y) == colour) return true;
    return false;
  }
}
