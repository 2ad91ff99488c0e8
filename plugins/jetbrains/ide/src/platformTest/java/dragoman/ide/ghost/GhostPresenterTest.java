package dragoman.ide.ghost;

import static dragoman.ide.Platform.command;
import static dragoman.ide.Platform.fake;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.intellij.openapi.editor.CaretModel;
import com.intellij.openapi.editor.Document;
import com.intellij.openapi.editor.Editor;
import com.intellij.openapi.editor.Inlay;
import com.intellij.openapi.editor.InlayModel;
import com.intellij.openapi.editor.event.DocumentEvent;
import com.intellij.openapi.editor.event.DocumentListener;
import dragoman.client.GhostText;
import dragoman.client.GhostText.Extent;
import dragoman.client.Protocol.InlineCompletionItem;
import dragoman.ide.Platform;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.swing.JPanel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The plugin's own ghost text on a real document; only the editor's view is made up. */
class GhostPresenterTest {
  private static final String TEXT = "int main() {\n  ret\n}\n";
  private static final int PLACE = 18;

  private final Map<Object, Object> kept = new HashMap<>();
  /** What can be seen, as {@code offset: lines}. */
  private final List<String> drawn = new ArrayList<>();

  private Platform platform;
  private Document document;
  private Editor editor;
  private GhostPresenter presenter;
  private int caret = PLACE;
  private int carets = 1;

  @BeforeEach
  void open() {
    platform = new Platform();
    document = platform.document("/tmp/main.c", TEXT);
    CaretModel caretModel =
        fake(
            CaretModel.class,
            (method, arguments) ->
                switch (method) {
                  case "getOffset" -> caret;
                  case "getCaretCount" -> carets;
                  case "moveToOffset" -> caret = (Integer) arguments[0];
                  default -> null;
                });
    InlayModel inlayModel = fake(InlayModel.class, (method, arguments) -> draw(arguments));
    JPanel panel = new JPanel();
    editor =
        fake(
            Editor.class,
            (method, arguments) ->
                switch (method) {
                  case "getDocument" -> document;
                  case "getCaretModel" -> caretModel;
                  case "getInlayModel" -> inlayModel;
                  case "getContentComponent" -> panel;
                  case "getLineHeight" -> 20;
                  case "getUserData" -> kept.get(arguments[0]);
                  case "putUserData" -> kept.put(arguments[0], arguments[1]);
                  case "getColorsScheme" -> scheme();
                  default -> null;
                });
    document.addDocumentListener(
        new DocumentListener() {
          @Override
          public void documentChanged(DocumentEvent event) {
            Ghost.changed(editor, event);
            presenter.follow();
          }
        });
    presenter = GhostPresenter.of(editor);
  }

  @AfterEach
  void close() {
    platform.close();
  }

  private Inlay<?> draw(Object[] arguments) {
    String what = arguments[0] + ": " + String.join("|", ((GhostRenderer) arguments[arguments.length - 1]).lines());
    drawn.add(what);
    return fake(Inlay.class, (method, ignored) -> method.equals("dispose") ? drawn.remove(what) : editorOf(method));
  }

  private Object editorOf(String method) {
    return method.equals("getEditor") ? editor : null;
  }

  private static com.intellij.openapi.editor.colors.EditorColorsScheme scheme() {
    return fake(
        com.intellij.openapi.editor.colors.EditorColorsScheme.class,
        (method, arguments) -> method.equals("getFont") ? new Font(Font.MONOSPACED, Font.ITALIC, 13) : null);
  }

  private void show(String... texts) {
    presenter.show(
        List.of(texts).stream().map(text -> GhostText.at(PLACE, new InlineCompletionItem(text, null, null))).toList());
  }

  private void type(String text) {
    command(() -> document.insertString(caret, text));
    caret += text.length();
    presenter.caretMoved();
  }

  private void moveTo(int offset) {
    caret = offset;
    presenter.caretMoved();
  }

  @Test
  void itIsThisPresenterThatDrawsOnAPlatformWithoutInlineCompletion() {
    assertFalse(GhostPresenter.PLATFORM_DRAWS);
  }

  @Test
  void theRestOfTheLineIsInlineAndTheOthersAreABlockBelow() {
    show("urn 0;\n\t// a\n// b");
    assertEquals(List.of("18: urn 0;", "18:     // a|// b"), drawn);
    assertTrue(GhostPresenter.showsIn(editor));
  }

  @Test
  void typingWhatIsShownMovesItOn() {
    show("urn 0;");
    type("u");
    type("r");
    assertEquals(List.of("20: n 0;"), drawn);
  }

  @Test
  void typingSomethingElseHidesItOrBringsTheOneThatFits() {
    show("urn 0;", "ire();");
    type("i");
    assertEquals(List.of("19: re();"), drawn);
    type("x");
    assertEquals(List.of(), drawn);
    assertFalse(presenter.accept(Extent.ALL));
  }

  @Test
  void aDeletionAMovedCaretAndASecondCaretHideIt() {
    show("urn 0;");
    command(() -> document.deleteString(PLACE - 1, PLACE));
    assertEquals(List.of(), drawn);
    show("urn 0;");
    moveTo(3);
    assertEquals(List.of(), drawn);
    moveTo(PLACE);
    show("urn 0;");
    carets = 2;
    presenter.caretMoved();
    assertEquals(List.of(), drawn);
  }

  @Test
  void acceptingPutsItInAndTheCaretBehindIt() {
    show("urn 0;\n  // b");
    assertTrue(presenter.accept(Extent.ALL));
    assertEquals("int main() {\n  return 0;\n  // b\n}\n", document.getText());
    assertEquals(PLACE + 13, caret);
    assertEquals(List.of(), drawn);
  }

  @Test
  void acceptingByWordAndByLineLeavesTheRestInSight() {
    show("urn 0;\n  // b");
    assertTrue(presenter.accept(Extent.WORD));
    assertEquals(List.of("21:  0;", "21:   // b"), drawn);
    presenter.caretMoved();
    assertTrue(presenter.accept(Extent.LINE));
    presenter.caretMoved();
    assertEquals(List.of("24:   // b"), drawn);
    assertTrue(presenter.accept(Extent.LINE));
    assertEquals("int main() {\n  return 0;\n  // b\n}\n", document.getText());
    assertFalse(presenter.accept(Extent.WORD));
  }

  @Test
  void dismissingItLeavesTheTextAlone() {
    show("urn 0;");
    presenter.dismiss();
    assertEquals(List.of(), drawn);
    assertFalse(GhostPresenter.showsIn(editor));
    assertEquals(TEXT, document.getText());
  }

  @Test
  void anotherSuggestionTakesThePlaceOfTheFirst() {
    show("urn 0;");
    show("urn 1;");
    assertEquals(List.of("18: urn 1;"), drawn);
  }

  @Test
  void theRendererTakesTheRoomOfItsLinesAndDrawsThem() {
    GhostRenderer renderer = new GhostRenderer(List.of("a", "a longer line"));
    Inlay<?> inlay = fake(Inlay.class, (method, arguments) -> editorOf(method));
    assertEquals(40, renderer.calcHeightInPixels(inlay));
    assertTrue(renderer.calcWidthInPixels(inlay) > new GhostRenderer(List.of("a")).calcWidthInPixels(inlay));
    BufferedImage image = new BufferedImage(200, 40, BufferedImage.TYPE_INT_RGB);
    Graphics graphics = image.getGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, 200, 40);
    renderer.paint(inlay, graphics, new Rectangle(0, 0, 200, 40), null);
    assertTrue(inked(image, 0, 20));
    assertTrue(inked(image, 20, 40));
  }

  private static boolean inked(BufferedImage image, int from, int to) {
    for (int y = from; y < to; ++y)
      for (int x = 0; x < image.getWidth(); ++x) if (image.getRGB(x, y) != Color.WHITE.getRGB()) return true;
    return false;
  }
}
