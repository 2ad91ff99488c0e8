package dragoman.chat.view;

import dragoman.chat.Words;
import dragoman.chat.markdown.Block;
import dragoman.chat.markdown.Blocks;
import java.util.List;
import javax.swing.JButton;
import javax.swing.JComponent;
import javax.swing.JPanel;
import javax.swing.JSeparator;
import javax.swing.Timer;

/**
 * The text of one answer. Pieces are gathered and shown once a frame, for a part of the frame at most, so that the window
 * stays quick however long an answer is and however fast it comes. Beyond a first part, the rest is shown when it is asked
 * for: a thousand components are nobody's reading.
 */
final class AnswerView extends JPanel {
  private static final long serialVersionUID = 1L;

  private static final int FRAME_MS = 16;
  private static final long BUDGET_NS = 8_000_000;

  /** So many characters and components are shown at first, and as many more each time more is asked for. */
  private static final int PART = 200_000;
  private static final int PART_COMPONENTS = 400;

  /** Paragraphs stand together in one text of as many characters or a few more. */
  private static final int TEXT = 8_000;

  private static final Highlighter NO_COLOURS = (code, language) -> List.of();

  private final transient Look look;
  private final transient Highlighter highlighter;
  private final transient Words words;
  private final transient Desk desk;
  private final transient Runnable drawn;

  private transient Blocks blocks = new Blocks();
  private final StringBuilder waiting = new StringBuilder();
  private int taken;
  private int limit = PART;
  private int componentLimit = PART_COMPONENTS;
  private boolean whole;
  private boolean closed;

  /** What is finished. */
  private final JPanel done;

  /** What stands behind it for now. */
  private final JPanel open;

  private final JButton more;
  private final RichText moreHint;
  private final Timer timer = new Timer(FRAME_MS, event -> draw(System.nanoTime() + BUDGET_NS));

  /** {@code drawn} is called after each change of what is seen. */
  AnswerView(Look look, Highlighter highlighter, Words words, Desk desk, Runnable drawn) {
    super(new Layouts.Stack(look.px(7)));
    this.look = look;
    this.highlighter = highlighter;
    this.words = words;
    this.desk = desk;
    this.drawn = drawn;
    setOpaque(false);
    done = column();
    open = column();
    moreHint = new RichText(look, words.get("more"), desk::openLink);
    more = Buttons.plain(words.get("more"), null, this::showMore);
    JPanel row = new JPanel(new Layouts.Flow(0));
    row.setOpaque(false);
    row.add(more);
    add(done);
    add(open);
    add(moreHint);
    add(row);
    moreHint.setVisible(false);
    more.setVisible(false);
    timer.setRepeats(false);
  }

  void push(String text) {
    waiting.append(text);
    schedule();
  }

  /** No more comes. */
  void close() {
    whole = true;
    schedule();
  }

  /** Shows at once what else the next frames would: for whoever draws without a screen. */
  void flush() {
    draw(Long.MAX_VALUE);
  }

  void dispose() {
    timer.stop();
  }

  private void schedule() {
    if (!closed && !timer.isRunning()) timer.start();
  }

  private void draw(long until) {
    timer.stop();
    if (closed) return;
    List<Block> now = null;
    while (taken < waiting.length() && !full() && (now == null || System.nanoTime() < until)) {
      int end = Math.min(waiting.length(), Math.min(taken + Blocks.LIMIT, limit));
      Blocks.Step step = blocks.push(waiting.substring(taken, end));
      taken = end;
      finish(step.done());
      now = step.open();
    }
    boolean all = taken == waiting.length();
    if (all && whole) {
      finish(blocks.close());
      closed = true;
      now = List.of();
    }
    if (now != null) {
      open.removeAll();
      for (Block block : now) add(open, block);
    }
    open.setVisible(open.getComponentCount() > 0);
    tellRest(full() ? waiting.length() - taken : 0);
    revalidate();
    repaint();
    drawn.run();
    if (!all && !full()) timer.start();
  }

  private boolean full() {
    return taken >= limit || done.getComponentCount() >= componentLimit;
  }

  private void showMore() {
    limit = taken + PART;
    componentLimit = done.getComponentCount() + PART_COMPONENTS;
    schedule();
  }

  private void tellRest(int characters) {
    boolean rest = characters > 0;
    more.setVisible(rest);
    moreHint.setVisible(rest);
    if (!rest) return;
    moreHint.clear();
    moreHint.plain(words.get("more.hint", characters), look.muted());
  }

  private void finish(List<Block> finished) {
    for (Block block : finished) add(done, block);
  }

  private void add(JPanel column, Block block) {
    int count = column.getComponentCount();
    JComponent last = count == 0 ? null : (JComponent) column.getComponent(count - 1);
    if (block instanceof Block.Paragraph paragraph) {
      append(column, last, List.of(paragraph));
    } else if (block instanceof Block.Code code) {
      CodeView continued = code.continues() ? lastCode(column) : null;
      if (continued != null && column == done) continued.append(code.text());
      // Colours are not worth it while the code grows: it is shown anew with each piece.
      else column.add(new CodeView(code, look, column == done ? highlighter : NO_COLOURS, words, desk));
    } else if (block instanceof Block.Table table) {
      if (TableView.fits(table)) column.add(new TableView(table, look, words.get("answer"), desk::openLink));
      else append(column, last, TableView.lines(table));
    } else {
      column.add(new JSeparator());
    }
  }

  private void append(JPanel column, JComponent last, List<Block.Paragraph> paragraphs) {
    RichText text = last instanceof RichText there && there.length() < TEXT ? there : null;
    if (text == null) column.add(text = new RichText(look, words.get("answer"), desk::openLink));
    text.append(paragraphs);
  }

  private static CodeView lastCode(JPanel column) {
    int count = column.getComponentCount();
    return count > 0 && column.getComponent(count - 1) instanceof CodeView code ? code : null;
  }

  private JPanel column() {
    JPanel column = new JPanel(new Layouts.Stack(look.px(7)));
    column.setOpaque(false);
    return column;
  }
}
