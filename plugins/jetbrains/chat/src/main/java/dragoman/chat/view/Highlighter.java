package dragoman.chat.view;

import java.awt.Color;
import java.util.List;

/** The colours of code. Called on the UI thread, with at most {@link #LIMIT} characters. */
public interface Highlighter {
  /** Beyond this many characters code is shown without colours: they would take longer than a frame. */
  int LIMIT = 20_000;

  /** [start, end) in the colour, in a {@link java.awt.Font} style. Runs are in order and do not overlap. */
  record Run(int start, int end, Color color, int style) {}

  /** {@code language} as it stands behind the fence; an empty list where it is not known. */
  List<Run> runs(String code, String language);

  /** The first one that knows the language. */
  default Highlighter orElse(Highlighter other) {
    return (code, language) -> {
      List<Run> runs = runs(code, language);
      return runs.isEmpty() ? other.runs(code, language) : runs;
    };
  }
}
