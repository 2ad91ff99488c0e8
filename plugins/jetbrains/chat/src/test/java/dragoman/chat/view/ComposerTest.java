package dragoman.chat.view;

import static dragoman.client.testing.TestHost.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dragoman.chat.Attachment;
import java.awt.Image;
import java.awt.datatransfer.DataFlavor;
import java.awt.datatransfer.Transferable;
import java.awt.datatransfer.UnsupportedFlavorException;
import java.awt.event.ActionEvent;
import java.awt.event.KeyEvent;
import java.awt.image.BufferedImage;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import javax.imageio.ImageIO;
import javax.swing.JButton;
import javax.swing.JComponent;
import javax.swing.JLabel;
import javax.swing.JTextArea;
import javax.swing.KeyStroke;
import javax.swing.SwingUtilities;
import javax.swing.TransferHandler;
import javax.swing.text.JTextComponent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is pasted, dropped and removed where the next question is written. */
class ComposerTest {
  @TempDir Path folder;
  private Stage stage;

  @BeforeEach
  void open() throws Exception {
    stage = onUi(() -> new Stage(new TestLook(false, 1)));
  }

  private static <T> T onUi(Callable<T> what) throws Exception {
    AtomicReference<T> out = new AtomicReference<>();
    Throwable[] failed = new Throwable[1];
    SwingUtilities.invokeAndWait(() -> {
      try {
        out.set(what.call());
      } catch (Throwable reason) {
        failed[0] = reason;
      }
    });
    if (failed[0] != null) throw new AssertionError(failed[0]);
    return out.get();
  }

  /** What a clipboard holds, in each of its flavors. */
  private record Held(Map<DataFlavor, Object> flavors) implements Transferable {
    @Override
    public DataFlavor[] getTransferDataFlavors() {
      return flavors.keySet().toArray(new DataFlavor[0]);
    }

    @Override
    public boolean isDataFlavorSupported(DataFlavor flavor) {
      return flavors.containsKey(flavor);
    }

    @Override
    public Object getTransferData(DataFlavor flavor) throws UnsupportedFlavorException {
      if (!flavors.containsKey(flavor)) throw new UnsupportedFlavorException(flavor);
      return flavors.get(flavor);
    }
  }

  private static Held held(Object... flavorsAndValues) {
    Map<DataFlavor, Object> out = new LinkedHashMap<>();
    for (int i = 0; i < flavorsAndValues.length; i += 2) out.put((DataFlavor) flavorsAndValues[i], flavorsAndValues[i + 1]);
    return new Held(out);
  }

  private static BufferedImage picture(int width, int height) {
    return new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
  }

  private JTextArea field() {
    return stage.all(JTextArea.class).get(0);
  }

  private boolean paste(JComponent on, Transferable what) throws Exception {
    return onUi(() -> on.getTransferHandler().importData(new TransferHandler.TransferSupport(on, what)));
  }

  private void untilAttached(String... names) throws Exception {
    eventually("attached: " + List.of(names), () -> {
      try {
        return onUi(() -> {
          stage.settle();
          return stage.chat.attachments().stream().map(Attachment::name).toList().equals(List.of(names));
        });
      } catch (Exception reason) {
        throw new IllegalStateException(reason);
      }
    });
  }

  private List<String> names(Class<? extends JComponent> type) throws Exception {
    return onUi(
        () -> stage.all(type).stream().map(one -> String.valueOf(one.getAccessibleContext().getAccessibleName())).toList());
  }

  @Test
  void aPictureOfTheClipboardIsAttachedAndShownSmall() throws Exception {
    assertTrue(paste(field(), held(DataFlavor.imageFlavor, picture(800, 200))));
    untilAttached("Image");
    eventually("the thumbnail", () -> {
      try {
        return names(JLabel.class).contains("Image, image, 800 by 200");
      } catch (Exception reason) {
        throw new IllegalStateException(reason);
      }
    });
    JLabel label = onUi(() -> stage.all(JLabel.class, one -> one.getIcon() != null).get(0));
    assertEquals(40, label.getIcon().getIconWidth());
    assertEquals(10, label.getIcon().getIconHeight());
    onUi(() -> stage.paint());
    assertEquals("", field().getText());
  }

  @Test
  void whereThereIsTextThatIsMeantAndNotItsPicture() throws Exception {
    assertTrue(paste(field(), held(DataFlavor.imageFlavor, picture(9, 9), DataFlavor.stringFlavor, "a\tb")));
    assertEquals("a\tb", field().getText());
    assertTrue(stage.chat.attachments().isEmpty());
  }

  @Test
  void filesAreAttachedWhereverInTheChatTheyAreDropped() throws Exception {
    File text = Files.writeString(folder.resolve("a.c"), "x").toFile();
    File dot = folder.resolve("dot.png").toFile();
    ImageIO.write(picture(3, 3), "png", dot);
    assertTrue(paste(field(), held(DataFlavor.javaFileListFlavor, List.of(dot, text), DataFlavor.stringFlavor, "dot.png")));
    untilAttached("dot.png", "a.c");
    DataFlavor uris = new DataFlavor("text/uri-list;class=java.lang.String");
    String list = "# comment\r\nhttps://example.com/x\r\n" + Files.writeString(folder.resolve("b c.c"), "y").toUri() + "\r\n";
    assertTrue(paste(stage.view, held(uris, list)));
    untilAttached("dot.png", "a.c", "b c.c");
  }

  @Test
  void whatCannotBeAttachedIsSaidBesideTheQuestionUntilSomethingElseIsDone() throws Exception {
    field().setText("draft");
    paste(field(), held(DataFlavor.javaFileListFlavor, List.of(folder.toFile(), folder.resolve("gone").toFile())));
    eventually("the reason", () -> {
      try {
        return onUi(() -> {
          stage.settle();
          return notices().contains("gone cannot be read.");
        });
      } catch (Exception reason) {
        throw new IllegalStateException(reason);
      }
    });
    assertEquals("draft", field().getText());
    onUi(() -> {
      stage.press("Send");
      return null;
    });
    assertEquals("", onUi(this::notices));
  }

  private String notices() {
    return stage.all(RichText.class, one -> one.getAccessibleContext().getAccessibleName().equals("Notice")).stream()
        .map(JTextComponent::getText)
        .reduce("", String::concat);
  }

  @Test
  void aRefusedQuestionStandsInItsFieldAgainBeforeWhatWasWrittenSince() throws Exception {
    onUi(() -> {
      stage.chat.attach(List.of(new Attachment("a.png", dragoman.client.Protocol.ContextItem.image("image/png", "AAAA"))));
      field().setText("what is this?");
      stage.press("Send");
      assertEquals("", field().getText());
      field().setText("and");
      stage.daemon.answers.get(0).completeExceptionally(new IllegalArgumentException("the image is broken"));
      stage.settle();
      assertEquals("what is this?\nand", field().getText());
      assertEquals("the image is broken", notices());
      assertTrue(stage.all(JLabel.class).stream().anyMatch(one -> one.getText().equals("a.png")));
      stage.view.restyle();
      stage.settle();
      assertEquals("the image is broken", notices());
      assertEquals("what is this?\nand", field().getText());
      return null;
    });
  }

  @Test
  void eachAttachmentIsRemovedByItsButtonAndByTheKeysThatDelete() throws Exception {
    onUi(() -> {
      for (String name : new String[] {"one", "two", "three"})
        stage.chat.attachItem(dragoman.client.Protocol.ContextItem.text(name, name));
      stage.settle();
      for (int key : new int[] {KeyEvent.VK_DELETE, KeyEvent.VK_BACK_SPACE}) {
        JButton button = stage.all(JButton.class, one -> one.getText().equals("\u00d7")).get(0);
        Object action = button.getInputMap(JComponent.WHEN_FOCUSED).get(KeyStroke.getKeyStroke(key, 0));
        assertNotNull(action);
        button.getActionMap().get(action).actionPerformed(new ActionEvent(button, ActionEvent.ACTION_PERFORMED, ""));
        stage.settle();
      }
      assertEquals(List.of("three"), stage.chat.attachments().stream().map(Attachment::name).toList());
      JButton last = stage.all(JButton.class, one -> one.getText().equals("\u00d7")).get(0);
      assertEquals("Remove three", last.getAccessibleContext().getAccessibleName());
      last.doClick(0);
      assertTrue(stage.chat.attachments().isEmpty());
      return null;
    });
  }

  @Test
  void manyAttachmentsAreAllInSightWithTheirButtons() throws Exception {
    onUi(() -> {
      stage.size(300, 700);
      for (int i = 0; i < 12; ++i)
        stage.chat.attachItem(dragoman.client.Protocol.ContextItem.text("x" + i, "a-rather-long-name-".repeat(i % 4) + i));
      stage.settle();
      List<JButton> buttons = stage.all(JButton.class, one -> one.getText().equals("\u00d7"));
      assertEquals(12, buttons.size());
      for (JButton button : buttons) {
        java.awt.Rectangle place = SwingUtilities.convertRectangle(button.getParent(), button.getBounds(), stage.view);
        assertTrue(stage.view.getBounds().contains(place), place.toString());
        assertEquals(button.getPreferredSize().width, button.getWidth());
      }
      return null;
    });
  }

  @Test
  void bytesThatAreNoPictureHaveNoThumbnailAndStayAttached() throws Exception {
    Image[] icon = new Image[1];
    onUi(() -> {
      stage.chat.attach(List.of(
          new Attachment("hostile.png", dragoman.client.Protocol.ContextItem.image("image/png", "iVBORw0KGgo=")),
          new Attachment("no.base64", dragoman.client.Protocol.ContextItem.image("image/png", "???"))));
      stage.settle();
      return null;
    });
    Thumbnails thumbnails = onUi(() -> new Thumbnails(40));
    for (Attachment one : stage.chat.attachments()) onUi(() -> {
      thumbnails.of(one.item(), small -> icon[0] = picture(1, 1));
      return null;
    });
    untilAttached("hostile.png", "no.base64");
    assertEquals(null, icon[0]);
    assertEquals(List.of("hostile.png, image", "no.base64, image"),
        names(JLabel.class).stream().filter(name -> name.endsWith("image")).toList());
  }
}
