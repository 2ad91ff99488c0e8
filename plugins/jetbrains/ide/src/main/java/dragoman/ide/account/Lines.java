package dragoman.ide.account;

import dragoman.chat.markdown.Visible;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/** What the accounts write alike. Pure. */
final class Lines {
  /** What ends a line somewhere, or steers the terminal that the text is pasted into. */
  private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\\u2028\\u2029]");

  private Lines() {}

  /** What the daemon tells, as part of one line: the name of a file may hold anything. */
  static String part(String text) {
    return Visible.text(CONTROLS.matcher(text).replaceAll(" "));
  }

  /** A time of RFC 3339 as {@code clock} tells it; what is none as it is, null too. */
  static String time(String iso, DateTimeFormatter clock) {
    try {
      return clock.format(Instant.parse(iso));
    } catch (DateTimeException | NullPointerException notOne) {
      return iso;
    }
  }
}
