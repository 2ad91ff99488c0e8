package dragoman.client;

import java.util.List;
import org.eclipse.lsp4j.Range;

/**
 * A suggestion as it stands at a place of a text, and what becomes of it when the text changes. Pure.
 *
 * @param item what the daemon sent
 * @param offset where its rest would be put in
 * @param standing how many UTF-16 units of {@code item.insertText} stand before {@code offset} already
 */
public record GhostText(Protocol.InlineCompletionItem item, int offset, int standing) {
  /** How much of a suggestion is taken at once. */
  public enum Extent {
    ALL,
    LINE,
    WORD
  }

  /** A suggestion at the cursor, or null where nothing of it is left to be put in. */
  public static GhostText at(int cursor, Protocol.InlineCompletionItem item) {
    if (item == null || item.insertText() == null) return null;
    Range range = item.range();
    int covered = range == null ? 0 : range.getEnd().getCharacter() - range.getStart().getCharacter();
    return covered < 0 || covered >= item.insertText().length() ? null : new GhostText(item, cursor, covered);
  }

  /** What is shown: what is left to be put in. Empty once all of it stands in the text. */
  public String rest() {
    return item.insertText().substring(standing);
  }

  /** The part on the cursor's line. */
  public String inline() {
    String rest = rest();
    int end = rest.indexOf('\n');
    return end < 0 ? rest : rest.substring(0, end);
  }

  /** The lines below it. */
  public List<String> below() {
    String rest = rest();
    int end = rest.indexOf('\n');
    return end < 0 ? List.of() : List.of(rest.substring(end + 1).split("\n", -1));
  }

  /**
   * The suggestion after {@code inserted} took the place of {@code removed} units at {@code at}: moved on where that is its
   * own next text, null where it does not fit any more.
   */
  public GhostText after(int at, int removed, String inserted) {
    if (at != offset || removed != 0 || !rest().startsWith(inserted)) return null;
    return new GhostText(item, offset + inserted.length(), standing + inserted.length());
  }

  /** The beginning of {@link #rest} that is taken. */
  public String piece(Extent extent) {
    String rest = rest();
    return switch (extent) {
      case ALL -> rest;
      case LINE -> rest.substring(0, lineEnd(rest));
      case WORD -> rest.substring(0, wordEnd(rest));
    };
  }

  /** At the end of a line the next one is meant, not the line break alone. */
  private static int lineEnd(String text) {
    int begin = 0;
    while (begin < text.length() && text.charAt(begin) == '\n') ++begin;
    int end = text.indexOf('\n', begin);
    return end < 0 ? text.length() : end;
  }

  /** Blanks and line breaks go along with the word after them; a run of signs is a word, too. */
  private static int wordEnd(String text) {
    int begin = 0;
    while (begin < text.length() && Character.isWhitespace(text.charAt(begin))) ++begin;
    if (begin == text.length()) return begin;
    boolean letters = isLetter(text.codePointAt(begin));
    int end = begin;
    while (end < text.length()
        && !Character.isWhitespace(text.charAt(end))
        && isLetter(text.codePointAt(end)) == letters) end += Character.charCount(text.codePointAt(end));
    return end;
  }

  private static boolean isLetter(int codePoint) {
    return codePoint > 127 || Character.isLetterOrDigit(codePoint) || codePoint == '_';
  }
}
