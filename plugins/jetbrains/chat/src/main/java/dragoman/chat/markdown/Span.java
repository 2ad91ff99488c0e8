package dragoman.chat.markdown;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A run of text that looks the same throughout.
 *
 * @param url where a click leads, http or https alone; "" for a text that leads nowhere
 */
public record Span(String text, Set<Mark> marks, String url) {
  public enum Mark {
    BOLD,
    ITALIC,
    STRIKE,
    CODE,
    /** Says less than what stands around it: where a link leads, an image that is not loaded. */
    MUTED,
    /** A character that cannot be seen, by its number. */
    CONTROL
  }

  public Span {
    marks = marks.isEmpty() ? Set.of() : Set.copyOf(marks);
  }

  public static Span plain(String text) {
    return new Span(text, Set.of(), "");
  }

  Span with(Mark mark) {
    EnumSet<Mark> all = EnumSet.of(mark);
    all.addAll(marks);
    return new Span(text, all, url);
  }

  /** The spans' text alone. */
  public static String text(List<Span> spans) {
    StringBuilder out = new StringBuilder();
    for (Span span : spans) out.append(span.text);
    return out.toString();
  }
}
