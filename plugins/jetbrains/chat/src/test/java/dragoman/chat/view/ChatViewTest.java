package dragoman.chat.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Component;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.swing.AbstractButton;
import javax.swing.JScrollBar;
import javax.swing.JTextArea;
import javax.swing.JTextPane;
import javax.swing.SwingUtilities;
import javax.swing.text.JTextComponent;
import org.junit.jupiter.api.Test;

class ChatViewTest {
  /** What a test does to a stage, on the event thread. */
  private interface Scene {
    void play(Stage stage) throws Exception;
  }

  private static void on(Scene scene) throws Exception {
    Throwable[] failed = new Throwable[1];
    SwingUtilities.invokeAndWait(() -> {
      try {
        scene.play(new Stage(new TestLook(false, 1)));
      } catch (Throwable reason) {
        failed[0] = reason;
      }
    });
    if (failed[0] instanceof Error error) throw error;
    if (failed[0] instanceof Exception exception) throw exception;
  }

  private static String shown(Stage stage) {
    return stage.all(JTextPane.class).stream().map(JTextComponent::getText).collect(Collectors.joining("\n"));
  }

  private static String texts(Stage stage) {
    return stage.all(JTextComponent.class).stream().map(JTextComponent::getText).collect(Collectors.joining("\n"));
  }

  @Test
  void anAnswerIsShownAsItGrowsAndOnce() throws Exception {
    on(stage -> {
      stage.chat.send("hello");
      stage.daemon.begin(0, "c", "t");
      for (String piece : List.of("one\n\nt", "wo\n\n```c\nint", " x;\n", "```\n\nthree")) {
        stage.daemon.text(0, piece);
        stage.settle();
        assertTrue(shown(stage).contains("one"));
      }
      stage.daemon.end(0, "c", "t", "stop");
      stage.settle();
      assertEquals(1, shown(stage).split("one", -1).length - 1);
      assertEquals(1, stage.all(CodeView.class).size());
      assertEquals("int x;\n", stage.all(CodeView.class).get(0).text());
    });
  }

  @Test
  void htmlOfAnAnswerIsTextToTheLastCharacter() throws Exception {
    on(stage -> {
      String hostile = "<html><b>x</b><script>alert(1)</script><img src='http://x.example/a.png'>";
      stage.talk("<html><h1>question", hostile + "\n\n```<html>\n<html><b>code\n```\n");
      String all = shown(stage);
      assertTrue(all.contains("<html><h1>question"));
      assertTrue(all.contains(hostile));
      assertTrue(all.contains("<html><b>code"));
      for (Component part : stage.all(Component.class))
        if (part instanceof javax.swing.JComponent swing) assertEquals(null, swing.getClientProperty("html"), part.toString());
    });
  }

  @Test
  void anAnswerThatIsNotAllOfItSaysWhy() throws Exception {
    Map<String, String> said =
        Map.of("length", "The model stopped at its limit.", "contentFilter", "The provider’s filter stopped the answer here.");
    for (String why : said.keySet())
      on(stage -> {
        stage.chat.send("q");
        stage.daemon.text(0, "a");
        stage.daemon.end(0, "c1", "t1", why);
        stage.settle();
        assertTrue(texts(stage).contains(said.get(why)), texts(stage));
      });
  }

  @Test
  void aModelOrAFileThatIsNamedLikeHtmlIsShownAsItIs() throws Exception {
    on(stage -> {
      stage.chat.setModel("<html><b>m");
      stage.chat.attachItem(dragoman.client.Protocol.ContextItem.text("x", "<html><i>label"));
      stage.settle();
      for (Component part : stage.all(Component.class))
        if (part instanceof javax.swing.JComponent swing) assertEquals(null, swing.getClientProperty("html"), part.toString());
    });
  }

  @Test
  void directionControlsNeverReachTheScreen() throws Exception {
    on(stage -> {
      stage.talk("a\u202eb", "c\u202ed\n\n```\ne\u2066f\n```\n| g\u200fh | i |\n| - | - |\n");
      assertFalse(shown(stage).matches("(?s).*[\u200e\u200f\u202a-\u202e\u2066-\u2069].*"));
      assertTrue(shown(stage).contains("eU+2066f"));
      stage.press("Copy");
      assertEquals(List.of("copy e\u2066f\n"), stage.done);
    });
  }

  @Test
  void theButtonsOfABlockTakeItsWholeCode() throws Exception {
    on(stage -> {
      String code = "a line that is long enough to be cut\n".repeat(1_500);
      stage.talk("q", "```c\n" + code + "```\n");
      stage.press("Copy");
      stage.press("Insert");
      stage.press("Apply as diff");
      assertEquals(List.of("copy " + code, "insert " + code, "apply " + code), stage.done);
    });
  }

  @Test
  void fiveMegabytesStayAFewComponentsUntilMoreIsAskedFor() throws Exception {
    on(stage -> {
      String answer = "A paragraph with some `code` in it.\n\n```js\nlet x = 1;\n```\n\n".repeat(80_000);
      stage.talk("q", answer);
      int first = stage.all(CodeView.class).size();
      assertTrue(first > 50 && first < 500, "blocks shown: " + first);
      stage.press("Show more");
      assertTrue(stage.all(CodeView.class).size() > first);
      stage.press("Copy answer");
      assertEquals("copy " + answer, stage.done.get(0));
    });
  }

  @Test
  void oneLineOfFiveMegabytesIsShownInPart() throws Exception {
    on(stage -> {
      stage.talk("q", "x".repeat(5_000_000));
      assertTrue(shown(stage).length() < 300_000);
      assertEquals(1, stage.all(AbstractButton.class, button -> button.getText().equals("Show more")).size());
    });
  }

  @Test
  void stoppingAndSendingAreOneButton() throws Exception {
    on(stage -> {
      stage.all(JTextArea.class).get(0).setText("hello");
      stage.press("Send");
      assertEquals(1, stage.daemon.sent.size());
      assertEquals("", stage.all(JTextArea.class).get(0).getText());
      stage.press("Stop");
      assertTrue(stage.daemon.answers.get(0).isCancelled());
      assertTrue(shown(stage).contains("Stopped."));
      assertEquals(1, stage.all(AbstractButton.class, button -> button.getText().equals("Send")).size());
    });
  }

  @Test
  void aQuestionIsEditedInItsPlace() throws Exception {
    on(stage -> {
      stage.talk("first", "answer");
      stage.press("Edit");
      JTextArea field = stage.all(JTextArea.class).get(0);
      assertEquals("first", field.getText());
      field.setText("second");
      stage.all(AbstractButton.class, button -> button.getText().equals("Send")).get(0).doClick(0);
      stage.settle();
      assertEquals("second", stage.daemon.sent.get(1).prompt());
      assertEquals("t0", stage.daemon.sent.get(1).replaceTurn());
    });
  }

  @Test
  void scrollingFollowsOnlyAReaderWhoIsAtTheEnd() throws Exception {
    on(stage -> {
      stage.size(400, 300);
      stage.talk("q", "line\n\n".repeat(100));
      JScrollBar bar = stage.view.scroll().getVerticalScrollBar();
      stage.view.follower().follow();
      assertTrue(bar.getMaximum() - bar.getValue() - bar.getVisibleAmount() < 32);
      bar.setValue(bar.getValue() - 200);
      assertFalse(stage.view.follower().following());
      int there = bar.getValue();
      stage.talk("next", "x");
      bar.setValue(there);
      stage.daemon.text(1, "late");
      stage.settle();
      stage.press("\u2193 Go to the end");
      assertTrue(stage.view.follower().following());
    });
  }

  @Test
  void whatIsWrittenStaysThroughAChangeOfTheTheme() throws Exception {
    on(stage -> {
      stage.talk("q", "answer");
      stage.all(JTextArea.class).get(0).setText("draft");
      stage.view.restyle();
      stage.settle();
      assertEquals("draft", stage.all(JTextArea.class).get(0).getText());
      assertTrue(shown(stage).contains("answer"));
    });
  }

  @Test
  void everyButtonAndTextHasANameForAScreenReader() throws Exception {
    on(stage -> {
      stage.chat.attachItem(dragoman.client.Protocol.ContextItem.gitDiff(true));
      stage.talk("q", "text\n\n```c\nx\n```\n\n| a | b |\n| - | - |\n| 1 | 2 |\n");
      for (AbstractButton button : stage.all(AbstractButton.class))
        if (!(button.getParent() instanceof JScrollBar))
          assertFalse(String.valueOf(button.getAccessibleContext().getAccessibleName()).isBlank(), button.toString());
      for (JTextComponent text : stage.all(JTextComponent.class))
        assertNotNull(text.getAccessibleContext().getAccessibleName(), text.toString());
    });
  }

  @Test
  void everyCharacterOfALongWordIsInSight() throws Exception {
    on(stage -> {
      stage.size(300, 400);
      stage.talk("q", "x".repeat(500));
      for (RichText text : stage.all(RichText.class)) assertTrue(text.getPreferredSize().height >= 0);
      RichText answer = stage.all(RichText.class, text -> text.getText().startsWith("xxx")).get(0);
      assertTrue(answer.getHeight() > 5 * answer.getFontMetrics(answer.getFont()).getHeight());
    });
  }
}
