package dragoman.ide.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Component;
import java.awt.Container;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.File;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.swing.JButton;
import javax.swing.SwingUtilities;
import org.junit.jupiter.api.Test;

/** The tab's view without a screen. With {@code -Dpicture.account=<file>} what is painted is kept. */
class AccountViewTest {
  private static final String TITLE = "What left this machine?";
  private static final String WORDS =
      "31/01/2026, 08:09:10  chat     https://gw.example  work/large  answered 200  4,000 bytes out, 30 in · files: 1 · masked: 2\n"
          + "    file    src/calc.py  3,900 bytes · masked: 2\n"
          + "    prompt               70 bytes\n"
          + "31/01/2026, 08:09:04  connect  https://gw.example  -           connected     0 bytes out, 0 in · files: 0 · masked: 0\n";

  private interface Scene {
    void play(AccountView view) throws Exception;
  }

  private final List<String> done = new ArrayList<>();

  private void on(Scene scene) throws Exception {
    Throwable[] failed = new Throwable[1];
    SwingUtilities.invokeAndWait(() -> {
      try {
        scene.play(new AccountView(TITLE, new Font(Font.MONOSPACED, Font.PLAIN, 13), () -> done.add("asked"), done::add));
      } catch (Throwable reason) {
        failed[0] = reason;
      }
    });
    if (failed[0] != null) throw new AssertionError(failed[0]);
  }

  private static JButton button(Container from, String label) {
    for (Component child : from.getComponents()) {
      if (child instanceof JButton button && button.getText().equals(label)) return button;
      JButton found = child instanceof Container container ? button(container, label) : null;
      if (found != null) return found;
    }
    return null;
  }

  @Test
  void theTextCanBeReadAndNotChangedAndItsBeginningIsInSight() throws Exception {
    on(view -> {
      view.show(WORDS);
      assertEquals(WORDS, view.field().getText());
      assertFalse(view.field().isEditable());
      assertEquals(0, view.field().getCaretPosition());
    });
  }

  @Test
  void whatIsSelectedIsCopiedElseAllOfIt() throws Exception {
    on(view -> {
      view.show(WORDS);
      button(view, "Copy").doClick(0);
      view.field().select(0, 10);
      button(view, "Copy").doClick(0);
    });
    assertEquals(List.of(WORDS, "31/01/2026"), done);
  }

  @Test
  void anAnswerIsAwaitedBeforeTheNextIsAskedFor() throws Exception {
    on(view -> {
      button(view, "Refresh").doClick(0);
      button(view, "Refresh").doClick(0);
      assertEquals(List.of("asked"), done);
      view.show("");
      button(view, "Refresh").doClick(0);
    });
    assertEquals(List.of("asked", "asked"), done);
  }

  @Test
  void aScreenReaderHearsWhatItIs() throws Exception {
    on(view -> assertEquals(TITLE, view.field().getAccessibleContext().getAccessibleName()));
  }

  @Test
  void itIsPainted() throws Exception {
    on(view -> {
      view.show(WORDS);
      view.setSize(760, 240);
      layOut(view);
      BufferedImage image = new BufferedImage(760, 240, BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = image.createGraphics();
      view.printAll(graphics);
      graphics.dispose();
      Set<Integer> colours = new HashSet<>();
      for (int x = 0; x < image.getWidth(); ++x) for (int y = 40; y < image.getHeight(); ++y) colours.add(image.getRGB(x, y));
      assertTrue(colours.size() > 2, "nothing is written there");
      String kept = System.getProperty("picture.account");
      if (kept != null) assertTrue(ImageIO.write(image, "png", new File(kept)));
    });
  }

  private static void layOut(Component component) {
    component.doLayout();
    if (component instanceof Container container) for (Component child : container.getComponents()) layOut(child);
  }
}
