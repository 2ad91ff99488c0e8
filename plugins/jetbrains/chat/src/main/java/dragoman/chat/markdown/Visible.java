package dragoman.chat.markdown;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Characters that change the direction of what stands behind them, and with it what a reader believes to read: shown by
 * their numbers.
 */
public final class Visible {
  private Visible() {}

  /** The text as spans that look like {@code like}, its direction controls apart. */
  public static List<Span> spans(String text, Span like) {
    List<Span> out = new ArrayList<>();
    int from = 0;
    for (int at = 0; at < text.length(); ++at) {
      if (!isControl(text.charAt(at))) continue;
      if (at > from) out.add(new Span(text.substring(from, at), like.marks(), like.url()));
      out.add(new Span(number(text.charAt(at)), Set.of(Span.Mark.CONTROL), ""));
      from = at + 1;
    }
    if (from < text.length()) out.add(new Span(text.substring(from), like.marks(), like.url()));
    return out;
  }

  /** The same as one text, for labels. */
  public static String text(String text) {
    return Span.text(spans(text, Span.plain("")));
  }

  private static boolean isControl(char c) {
    return c == '\u061c' || c == '\u200e' || c == '\u200f' || (c >= '\u202a' && c <= '\u202e')
        || (c >= '\u2066' && c <= '\u2069');
  }

  private static String number(char c) {
    String hex = Integer.toHexString(c).toUpperCase(Locale.ROOT);
    return "U+" + "0".repeat(4 - hex.length()) + hex;
  }
}
