package dragoman.ide.edit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Component;
import java.awt.Container;
import java.awt.Graphics2D;
import java.awt.event.KeyEvent;
import java.awt.image.BufferedImage;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import javax.swing.JButton;
import javax.swing.JComponent;
import javax.swing.KeyStroke;
import javax.swing.SwingUtilities;
import org.junit.jupiter.api.Test;

/** The buttons of a proposal, without a screen. */
class HunkBarTest {
  private interface Scene {
    void play(HunkBar bar);
  }

  private final List<String> done = new ArrayList<>();

  private void on(Scene scene) throws Exception {
    Throwable[] failed = new Throwable[1];
    SwingUtilities.invokeAndWait(() -> {
      try {
        scene.play(new HunkBar(new Recording()));
      } catch (Throwable reason) {
        failed[0] = reason;
      }
    });
    if (failed[0] != null) throw new AssertionError(failed[0]);
  }

  private static List<JButton> buttons(Container from) {
    List<JButton> out = new ArrayList<>();
    for (Component child : from.getComponents()) {
      if (child instanceof JButton button) out.add(button);
      else if (child instanceof Container container) out.addAll(buttons(container));
    }
    return out;
  }

  private static List<String> enabled(HunkBar bar) {
    return buttons(bar).stream()
        .filter(Component::isEnabled)
        .map(button -> button.getAccessibleContext().getAccessibleName())
        .toList();
  }

  @Test
  void whileTheAnswerIsWrittenItCanOnlyBeStopped() throws Exception {
    on(bar -> {
      bar.show(new HunkBar.Shown(0, 0, 0, true, "Editing\u2026 work/large"));
      assertEquals(List.of("Stop"), enabled(bar));
      assertEquals("Stop", bar.preferred().getText());
    });
  }

  @Test
  void everyButtonNamesTheChangeThatItIsFor() throws Exception {
    on(bar -> {
      bar.show(new HunkBar.Shown(1, 3, 1234, false, ""));
      assertEquals(
          List.of(
              "Previous change",
              "Next change",
              "Accept change 2 of 3, line 1234",
              "Discard change 2 of 3, line 1234",
              "Accept All Changes",
              "Discard All Changes"),
          enabled(bar));
      bar.show(new HunkBar.Shown(2, 3, 5, false, ""));
      assertFalse(enabled(bar).contains("Next change"));
      assertTrue(enabled(bar).contains("Accept change 3 of 3, line 5"));
    });
  }

  @Test
  void eachButtonDoesWhatItSaysAndEnterPressesItAsSpaceDoes() throws Exception {
    on(bar -> {
      bar.show(new HunkBar.Shown(1, 3, 7, false, ""));
      for (JButton button : buttons(bar)) {
        button.doClick(0);
        for (boolean released : new boolean[] {false, true})
          assertEquals(
              button.getInputMap(JComponent.WHEN_FOCUSED).get(KeyStroke.getKeyStroke(KeyEvent.VK_SPACE, 0, released)),
              button.getInputMap(JComponent.WHEN_FOCUSED).get(KeyStroke.getKeyStroke(KeyEvent.VK_ENTER, 0, released)));
      }
      assertEquals(List.of("go -1", "go 1", "accept", "discard", "accept all", "discard all"), done);
    });
  }

  @Test
  void aNoteIsShownAsItIs() throws Exception {
    on(bar -> {
      bar.show(new HunkBar.Shown(0, 1, 1, false, "<html><b>model"));
      for (Component part : bar.getComponents())
        if (part instanceof JComponent swing) assertEquals(null, swing.getClientProperty("html"));
    });
  }

  /** With {@code -Dpicture=<file>} it is kept, to be looked at. */
  @Test
  void itIsPaintedWithoutACutLabel() throws Exception {
    on(bar -> {
      bar.show(new HunkBar.Shown(1, 12, 1234, false, "work/large"));
      bar.setSize(bar.getPreferredSize());
      layOut(bar);
      for (JButton button : buttons(bar))
        assertTrue(button.getWidth() >= button.getPreferredSize().width, button.getText());
      BufferedImage image = new BufferedImage(bar.getWidth(), bar.getHeight(), BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = image.createGraphics();
      bar.printAll(graphics);
      graphics.dispose();
      String file = System.getProperty("picture");
      if (file != null) write(image, new File(file));
    });
  }

  private static void layOut(Container parent) {
    parent.doLayout();
    for (Component child : parent.getComponents()) if (child instanceof Container container) layOut(container);
  }

  private static void write(BufferedImage image, File file) {
    try {
      ImageIO.write(image, "png", file);
    } catch (java.io.IOException reason) {
      throw new java.io.UncheckedIOException(reason);
    }
  }

  private final class Recording implements HunkBar.Actions {
    @Override
    public void go(int by) {
      done.add("go " + by);
    }

    @Override
    public void accept() {
      done.add("accept");
    }

    @Override
    public void discard() {
      done.add("discard");
    }

    @Override
    public void acceptAll() {
      done.add("accept all");
    }

    @Override
    public void discardAll() {
      done.add("discard all");
    }
  }
}
