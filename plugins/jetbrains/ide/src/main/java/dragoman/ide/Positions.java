package dragoman.ide;

import com.intellij.openapi.editor.Document;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;

/** Offsets of a document and LSP's positions. Both count UTF-16 units, and an IDE's documents know no line end but \n. */
public final class Positions {
  private Positions() {}

  public static Position of(Document document, int offset) {
    int line = document.getLineCount() == 0 ? 0 : document.getLineNumber(offset);
    return new Position(line, offset - (document.getLineCount() == 0 ? 0 : document.getLineStartOffset(line)));
  }

  public static Range of(Document document, int start, int end) {
    return new Range(of(document, start), of(document, end));
  }

  /** Where {@code text} stands that ends at {@code offset}; null where something else stands there. */
  public static Range before(Document document, int offset, String text) {
    int start = offset - text.length();
    if (start < 0 || offset > document.getTextLength()) return null;
    boolean there = text.contentEquals(document.getCharsSequence().subSequence(start, offset));
    return there ? of(document, start, offset) : null;
  }

  /** Beyond a line's end, its end; beyond the text, the text's, as LSP says. */
  public static int offset(Document document, Position position) {
    if (position.getLine() >= document.getLineCount()) return document.getTextLength();
    int offset = document.getLineStartOffset(position.getLine()) + position.getCharacter();
    return Math.min(offset, document.getLineEndOffset(position.getLine()));
  }
}
