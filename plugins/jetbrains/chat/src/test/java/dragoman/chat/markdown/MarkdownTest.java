package dragoman.chat.markdown;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarkdownTest {
  private static Block.Paragraph paragraph(String text) {
    return assertInstanceOf(Block.Paragraph.class, Markdown.read(text).get(0));
  }

  private static List<String> urls(String text) {
    return Markdown.read(text).stream()
        .filter(Block.Paragraph.class::isInstance)
        .flatMap(block -> ((Block.Paragraph) block).spans().stream())
        .map(Span::url)
        .filter(url -> !url.isEmpty())
        .collect(Collectors.toList());
  }

  @Test
  void marksAreKeptInEachOther() {
    Span span = paragraph("**bold _and slanted_**").spans().get(1);
    assertEquals("and slanted", span.text());
    assertEquals(java.util.Set.of(Span.Mark.BOLD, Span.Mark.ITALIC), span.marks());
  }

  @Test
  void aListItemCarriesItsMarkerAndItsDepth() {
    List<Block> blocks = Markdown.read("3. three\n4. four\n   - inner\n");
    Block.Paragraph inner = (Block.Paragraph) blocks.get(2);
    assertEquals("4.", ((Block.Paragraph) blocks.get(1)).marker());
    assertEquals("\u2022", inner.marker());
    assertEquals(2, inner.indent());
  }

  @Test
  void aListItemThatIsCodeStillShowsItsMarker() {
    List<Block> blocks = Markdown.read("1. ```sh\n   ls\n   ```\n");
    assertEquals("1.", ((Block.Paragraph) blocks.get(0)).marker());
    assertEquals("ls\n", ((Block.Code) blocks.get(1)).text());
  }

  @Test
  void aFenceKnowsItsLanguage() {
    assertEquals(new Block.Code("x = 1\n", "python", false), Markdown.read("```python title=x\nx = 1\n```").get(0));
  }

  @Test
  void aTableHasItsRowsAndCells() {
    Block.Table table = (Block.Table) Markdown.read("| a | b |\n| - | - |\n| 1 | **2** |\n").get(0);
    assertEquals(2, table.rows().size());
    assertEquals("2", Span.text(table.rows().get(1).get(1)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)</script>",
        "<img src=http://evil.example/x.png onerror=alert(1)>",
        "a <b onclick='x'>b</b> c",
        "<!-- <html><body> -->",
        "<html><b>hi",
        "<a href=\"javascript:alert(1)\">x</a>",
      })
  void htmlIsTextAndNothingOfItIsLost(String text) {
    assertEquals(text, Span.text(paragraph(text).spans()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[x](javascript:alert(1))",
        "[x](file:///etc/passwd)",
        "[x](jetbrains://open)",
        "[x](//evil.example)",
        "[x](vbscript:x)",
        "<javascript:alert(1)>",
      })
  void onlyWebLinksLeadAnywhere(String text) {
    assertEquals(List.of(), urls(text));
  }

  @Test
  void aLinkSaysWhereItLeads() {
    assertEquals(List.of("https://evil.example/"), urls("[https://bank.example](https://evil.example/)"));
    assertTrue(Span.text(paragraph("[https://bank.example](https://evil.example/)").spans())
        .contains("(https://evil.example/)"));
    assertEquals("https://a.example/b", Span.text(paragraph("https://a.example/b").spans()));
  }

  @Test
  void anImageIsNamedAndNotLoaded() {
    assertEquals("[cat] (http://x.example/c.png)", Span.text(paragraph("![cat](http://x.example/c.png)").spans()));
    assertEquals(List.of(), urls("![cat](http://x.example/c.png)"));
  }

  @Test
  void directionControlsAreShownByTheirNumbers() {
    List<Span> spans = paragraph("a\u202eb\u2066c").spans();
    assertEquals("aU+202EbU+2066c", Span.text(spans));
    assertTrue(spans.get(1).marks().contains(Span.Mark.CONTROL));
    assertFalse(Visible.text("x\u200fy").contains("\u200f"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"> ", "- ", "*", "_a ", "[", "![", "`", "**a ", "\\", "<", "~~a ", "[a](", "1) "})
  void hostileNestingComesToAnEnd(String piece) {
    String text = piece.repeat(16_000 / piece.length());
    List<Block> blocks = Markdown.read(text + "x");
    assertFalse(blocks.isEmpty());
  }
}
