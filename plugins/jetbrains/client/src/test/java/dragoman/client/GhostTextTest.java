package dragoman.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dragoman.client.GhostText.Extent;
import dragoman.client.Protocol.InlineCompletionItem;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;
import org.junit.jupiter.api.Test;

class GhostTextTest {
  private static GhostText ghost(String text) {
    return ghost(text, 0);
  }

  private static GhostText ghost(String text, int covered) {
    Range range = new Range(new Position(3, 10 - covered), new Position(3, 10));
    return GhostText.at(100, new InlineCompletionItem(text, range, null));
  }

  /** The pieces that one accepts after another. */
  private static List<String> pieces(String text, Extent extent) {
    List<String> pieces = new ArrayList<>();
    for (GhostText now = ghost(text); !now.rest().isEmpty(); ) {
      String piece = now.piece(extent);
      pieces.add(piece);
      now = now.after(now.offset(), 0, piece);
    }
    return pieces;
  }

  @Test
  void theRestBeginsBehindWhatTheRangeCovers() {
    assertEquals("urn x", ghost("return x", 3).rest());
    assertEquals(100, ghost("return x", 3).offset());
    assertEquals("return x", ghost("return x").rest());
  }

  @Test
  void aSuggestionWithNothingLeftIsNone() {
    assertNull(ghost(""));
    assertNull(ghost("ret", 3));
    assertNull(ghost("ret", 5));
    assertNull(GhostText.at(0, null));
    assertNull(GhostText.at(0, new InlineCompletionItem(null, null, null)));
  }

  @Test
  void linesBelowAreToldFromTheCursorsLine() {
    assertEquals("a", ghost("a\n\n  b\n").inline());
    assertEquals(List.of("", "  b", ""), ghost("a\n\n  b\n").below());
    assertEquals("", ghost("\nb").inline());
    assertEquals(List.of(), ghost("b").below());
  }

  @Test
  void typingItsTextMovesItOn() {
    GhostText typed = ghost("foo(bar)", 1).after(100, 0, "o").after(101, 0, "o(");
    assertEquals("bar)", typed.rest());
    assertEquals(103, typed.offset());
    assertEquals(4, typed.standing());
    assertEquals("", typed.after(103, 0, "bar)").rest());
  }

  @Test
  void anythingElseEndsIt() {
    assertNull(ghost("foo").after(100, 0, "x"));
    assertNull(ghost("foo").after(99, 0, "f"));
    assertNull(ghost("foo").after(101, 0, "f"));
    assertNull(ghost("foo").after(100, 1, "f"));
    assertNull(ghost("foo").after(100, 0, "foot"));
  }

  @Test
  void wordByWordEverythingIsTaken() {
    assertEquals(List.of("foo_bar", "(", "x1", ",", " y", ");"), pieces("foo_bar(x1, y);", Extent.WORD));
    assertEquals(List.of("\n    return", " größe", " ==", " 名前", "\n"), pieces("\n    return größe == 名前\n", Extent.WORD));
    assertEquals(List.of("𝒳y", "+"), pieces("𝒳y+", Extent.WORD));
  }

  @Test
  void lineByLineEverythingIsTaken() {
    assertEquals(List.of("a", "\n  b", "\n\nc", "\n"), pieces("a\n  b\n\nc\n", Extent.LINE));
    assertEquals(List.of("a b"), pieces("a b", Extent.LINE));
  }

  @Test
  void allIsAll() {
    assertEquals(List.of("a\n  b\n"), pieces("a\n  b\n", Extent.ALL));
  }
}
