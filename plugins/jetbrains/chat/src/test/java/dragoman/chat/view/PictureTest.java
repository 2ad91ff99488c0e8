package dragoman.chat.view;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.File;
import java.util.HashSet;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.swing.SwingUtilities;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Paints a conversation without a screen. With {@code -Dpicture=<file>} the dark one is kept: the README shows it.
 */
class PictureTest {
  private static final String ANSWER =
      """
      `String.split` takes a **regular expression**, and `.` in one means *any character*: every character is a
      separator, and what is left is empty.

      ```java
      // "1.2.3" -> ["1", "2", "3"]
      static String[] parts(String version) {
        return version.split(Pattern.quote("."), -1);
      }
      ```

      1. `Pattern.quote` makes the dot an ordinary one.
      2. `-1` keeps empty parts at the end, so that `"1."` has two.

      | call | parts of `"1.2."` |
      | --- | --- |
      | `split(".")` | none |
      | `split("\\\\.")` | 2 |
      | `split("\\\\.", -1)` | 3 |
      """;

  private static Stage stage(boolean dark, int scale) {
    Stage stage = new Stage(new TestLook(dark, scale)).size(470 * scale, 690 * scale);
    stage.chat.attachItem(
        dragoman.client.Protocol.ContextItem.range(
            "file:///p/src/Version.java",
            new org.eclipse.lsp4j.Range(new org.eclipse.lsp4j.Position(11, 0), new org.eclipse.lsp4j.Position(17, 0))));
    stage.daemon.model = "work/large";
    int request = stage.daemon.sent.size();
    stage.chat.send("Why does this give an empty array?");
    stage.daemon.begin(request, "c1", "t1");
    stage.daemon.reasoning(request, "The dot is a metacharacter.");
    stage.daemon.text(request, ANSWER);
    stage.daemon.end(request, "c1", "t1", "stop");
    stage.settle();
    stage.chat.attachItem(dragoman.client.Protocol.ContextItem.gitDiff(true));
    stage.chat.setModel("work/large");
    stage.settle();
    stage.view.scroll().getVerticalScrollBar().setValue(0);
    return stage;
  }

  @ParameterizedTest
  @CsvSource({"false, 1", "true, 1", "true, 2"})
  void aConversationIsPaintedInEveryThemeAndSize(boolean dark, int scale) throws Exception {
    BufferedImage[] painted = new BufferedImage[1];
    SwingUtilities.invokeAndWait(() -> painted[0] = stage(dark, scale).paint());
    Set<Integer> colours = new HashSet<>();
    for (int x = 0; x < painted[0].getWidth(); x += 2)
      for (int y = 0; y < painted[0].getHeight(); y += 2) colours.add(painted[0].getRGB(x, y));
    TestLook look = new TestLook(dark, scale);
    for (Color wanted : new Color[] {look.background(), look.codeBackground(), look.questionBackground()})
      assertTrue(colours.contains(wanted.getRGB()), "not painted: " + wanted);
    assertTrue(colours.size() > 50, "text is smoothed in many shades");
  }

  @Test
  void thePictureIsWrittenWhereItIsAskedFor() throws Exception {
    String file = System.getProperty("picture");
    org.junit.jupiter.api.Assumptions.assumeTrue(file != null, "no -Dpicture=<file>");
    SwingUtilities.invokeAndWait(() -> {
      try {
        assertTrue(ImageIO.write(stage(true, 2).paint(), "png", new File(file)));
      } catch (java.io.IOException reason) {
        throw new java.io.UncheckedIOException(reason);
      }
    });
  }
}
