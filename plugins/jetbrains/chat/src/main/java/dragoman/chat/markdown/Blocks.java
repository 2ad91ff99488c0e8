package dragoman.chat.markdown;

import java.util.ArrayList;
import java.util.List;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Node;

/**
 * An answer that grows, cut into blocks. All but the last block of a Markdown text stay as they are whatever follows, so
 * only the last one is read again when a piece comes. Knows no component and no thread.
 *
 * <p>One exception is accepted: a reference link whose target is defined in another block stays as it was written.
 */
public final class Blocks {
  /** A block that has grown to this many characters is cut, and goes on in a block of its own. */
  public static final int LIMIT = 16_384;

  /**
   * @param done blocks that are finished, to be added for good
   * @param open what stands behind them for now
   */
  public record Step(List<Block> done, List<Block> open) {}

  private String rest = "";

  /** Half a line end: what follows says which. */
  private boolean carriageReturn;

  /** Whether the rest is the continuation of a block of code that was cut. */
  private boolean cut;

  /** The next piece, of any length; a line end or a character may be cut between two. */
  public Step push(String piece) {
    List<Block> done = new ArrayList<>();
    String text = normal(piece);
    for (int at = 0; at < text.length(); ) {
      int end = Math.min(text.length(), at + LIMIT);
      rest += text.substring(at, end);
      at = end;
      settle(done);
    }
    return new Step(done, marked(Markdown.read(rest)));
  }

  /** The text is whole: what was open is finished. */
  public List<Block> close() {
    List<Block> done = new ArrayList<>();
    if (carriageReturn) rest += "\n";
    carriageReturn = false;
    done.addAll(marked(Markdown.read(rest)));
    rest = "";
    return done;
  }

  private void settle(List<Block> done) {
    for (;;) {
      // A line that is not whole may still join the block above it: "|" ends a table, "| a |" is a row of it.
      Node document = Markdown.parse(rest.substring(0, rest.lastIndexOf('\n') + 1));
      Node last = lastPlaced(document);
      int line = last == null ? 0 : last.getSourceSpans().get(0).getLineIndex();
      if (line > 0) {
        done.addAll(marked(Markdown.read(document, last)));
        rest = rest.substring(lineStart(rest, line));
        cut = false;
      }
      if (rest.length() <= LIMIT) return;
      cutBlock(last, done);
    }
  }

  private void cutBlock(Node block, List<Block> done) {
    int lines = block instanceof FencedCodeBlock ? 1 : block instanceof TableBlock ? 2 : 0;
    int from = lineStart(rest, lines);
    // Whoever opens a block with as much as this does not mean one.
    String opener = from > LIMIT / 4 ? "" : rest.substring(0, from);
    int at = cutPlace(rest, opener.length());
    done.addAll(marked(Markdown.read(rest.substring(0, at))));
    rest = opener + rest.substring(at);
    cut = block instanceof FencedCodeBlock;
  }

  /** Says of the first block that it continues one, where it does. */
  private List<Block> marked(List<Block> blocks) {
    if (cut && !blocks.isEmpty() && blocks.get(0) instanceof Block.Code code)
      blocks.set(0, new Block.Code(code.text(), code.language(), true));
    return blocks;
  }

  private String normal(String piece) {
    String text = carriageReturn ? "\r" + piece : piece;
    carriageReturn = text.endsWith("\r");
    if (carriageReturn) text = text.substring(0, text.length() - 1);
    return text.replace("\r\n", "\n").replace('\r', '\n').replace('\0', '\ufffd');
  }

  private static Node lastPlaced(Node document) {
    Node node = document.getLastChild();
    while (node != null && node.getSourceSpans().isEmpty()) node = node.getPrevious();
    return node;
  }

  private static int lineStart(String text, int line) {
    int at = 0;
    for (int left = line; left > 0; --left) {
      int end = text.indexOf('\n', at);
      if (end == -1) return text.length();
      at = end + 1;
    }
    return at;
  }

  /** At the end of a line where there is one, else of a word, else anywhere but inside a character. */
  private static int cutPlace(String text, int from) {
    for (char end : new char[] {'\n', ' '}) {
      int at = text.lastIndexOf(end, LIMIT - 1) + 1;
      if (at > from) return at;
    }
    return Character.isHighSurrogate(text.charAt(LIMIT - 1)) ? LIMIT - 1 : LIMIT;
  }
}
