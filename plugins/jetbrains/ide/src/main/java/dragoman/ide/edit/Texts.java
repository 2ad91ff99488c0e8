package dragoman.ide.edit;

/** What a change to a text comes down to. Pure: texts in, texts and offsets (UTF-16 units) out. */
final class Texts {
  /** {@code text} in place of [start, end). */
  record Change(int start, int end, String text) {
    boolean isNothing() {
      return start == end && text.isEmpty();
    }
  }

  private Texts() {}

  /** The least of {@code before} that has to be replaced to get {@code after}. */
  static Change between(String before, String after) {
    int shorter = Math.min(before.length(), after.length());
    int head = 0;
    while (head < shorter && before.charAt(head) == after.charAt(head)) ++head;
    int tail = 0;
    while (tail < shorter - head
        && before.charAt(before.length() - 1 - tail) == after.charAt(after.length() - 1 - tail)) ++tail;
    return new Change(head, before.length() - tail, after.substring(head, after.length() - tail));
  }

  /** Code of an answer as it takes the place of {@code old}: with the last line break that {@code old} has, or without. */
  static String inPlaceOf(String old, String code, boolean wholeFile) {
    String body = code.endsWith("\n") ? code.substring(0, code.length() - 1) : code;
    return old.endsWith("\n") || (wholeFile && old.isEmpty()) ? body + "\n" : body;
  }

  /** With the only line end that an IDE's documents know. */
  static String normal(String text) {
    return text.indexOf('\r') == -1 ? text : text.replace("\r\n", "\n").replace('\r', '\n');
  }
}
