package dragoman.chat.markdown;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlocksTest {
  private static final String ANSWER =
      """
      # Title

      Some *text* with `code` and a [link](https://a.example).
      A second line.

      - one
      - two
        1. inner

      ```java
      int x = 1;

      // done
      ```

      > quoted
      > more

      | a | b |
      | - | - |
      | 1 | 2 |

      The end
      ===
      """;

  private static List<Block> all(List<String> pieces) {
    Blocks blocks = new Blocks();
    List<Block> out = new ArrayList<>();
    for (String piece : pieces) out.addAll(blocks.push(piece).done());
    out.addAll(blocks.close());
    return out;
  }

  private static List<String> cut(String text, Random random, int longest) {
    List<String> pieces = new ArrayList<>();
    for (int at = 0; at < text.length(); ) {
      int end = Math.min(text.length(), at + 1 + random.nextInt(longest));
      pieces.add(text.substring(at, end));
      at = end;
    }
    return pieces;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 40, 1000})
  void theBlocksAreTheSameHoweverTheTextIsCut(int longest) {
    List<Block> whole = Markdown.read(ANSWER);
    for (int seed = 0; seed < 20; ++seed) assertEquals(whole, all(cut(ANSWER, new Random(seed), longest)));
  }

  @Test
  void lineEndsOfEveryKindAreOne() {
    assertEquals(Markdown.read(ANSWER), all(cut(ANSWER.replace("\n", "\r\n"), new Random(1), 3)));
    assertEquals(Markdown.read(ANSWER), all(cut(ANSWER.replace("\n", "\r"), new Random(2), 3)));
  }

  @Test
  void whatIsOpenIsShownWhileItGrows() {
    Blocks blocks = new Blocks();
    assertEquals(List.of(), blocks.push("A pie").done());
    assertEquals("A piece", Span.text(((Block.Paragraph) blocks.push("ce").open().get(0)).spans()));
    assertEquals(1, blocks.push("\n\nNext\n").done().size());
  }

  @Test
  void aFenceThatIsNeverClosedIsCode() {
    List<Block> blocks = all(List.of("text\n\n```js\nlet x", " = 1;\n\n# no title"));
    assertEquals(new Block.Code("let x = 1;\n\n# no title\n", "js", false), blocks.get(1));
  }

  @Test
  void aLongFenceIsCutIntoPiecesThatGiveItsTextBack() {
    String code = "a line of code that is long enough\n".repeat(2_000);
    List<Block> blocks = all(cut("```c\n" + code + "```\nafter", new Random(3), 5_000));
    StringBuilder text = new StringBuilder();
    for (Block block : blocks) {
      if (!(block instanceof Block.Code part)) continue;
      assertEquals("c", part.language());
      assertEquals(text.length() > 0, part.continues());
      text.append(part.text());
    }
    assertEquals(code, text.toString());
    assertEquals("after", Span.text(((Block.Paragraph) blocks.get(blocks.size() - 1)).spans()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"word ", "x", "> deep ", "```\nx\n", "| a | b |\n", "<div>", "* ", "\u202e\ud83d\ude00", "a\n\n"})
  void aTextOfOneKindIsReadToItsEnd(String unit) {
    String text = unit.repeat(500_000 / unit.length());
    assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
      Blocks blocks = new Blocks();
      long count = 0;
      for (int at = 0; at < text.length(); at += 65_536)
        count += blocks.push(text.substring(at, Math.min(text.length(), at + 65_536))).done().size();
      assertTrue(count + blocks.close().size() > 0);
    });
  }
}
