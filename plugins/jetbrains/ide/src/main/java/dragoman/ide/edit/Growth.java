package dragoman.ide.edit;

/**
 * What is shown in place of a selection while its new text streams in: the lines that have come, and behind them the old
 * ones that they have not reached yet. Pure.
 */
final class Growth {
  private final String selected;
  private final StringBuilder streamed = new StringBuilder();

  Growth(String selected) {
    this.selected = selected;
  }

  /** The next piece, cut anywhere. An IDE's documents know no line end but \n. */
  void add(String piece) {
    for (int i = 0; i < piece.length(); ++i) if (piece.charAt(i) != '\r') streamed.append(piece.charAt(i));
  }

  /** So many characters have come. */
  int length() {
    return streamed.length();
  }

  /** The new text takes the place of as many lines of the selection as it has itself. */
  String text() {
    int rest = 0;
    for (int i = 0; i < streamed.length() && rest != -1; ++i) if (streamed.charAt(i) == '\n') rest = nextLine(rest);
    boolean insideLine = streamed.length() > 0 && streamed.charAt(streamed.length() - 1) != '\n';
    if (insideLine && rest != -1) {
      int end = selected.indexOf('\n', rest);
      return streamed + (end == -1 ? "" : selected.substring(end));
    }
    return rest == -1 ? streamed.toString() : streamed + selected.substring(rest);
  }

  /** Where the line behind {@code start}'s begins, or -1. */
  private int nextLine(int start) {
    int end = selected.indexOf('\n', start);
    return end == -1 ? -1 : end + 1;
  }
}
