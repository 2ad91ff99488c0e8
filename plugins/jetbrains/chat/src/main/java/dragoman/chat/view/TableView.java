package dragoman.chat.view;

import dragoman.chat.markdown.Block;
import dragoman.chat.markdown.Span;
import java.awt.Color;
import java.awt.Component;
import java.awt.Container;
import java.awt.Dimension;
import java.awt.Graphics;
import java.awt.LayoutManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import javax.swing.BorderFactory;
import javax.swing.JPanel;

/** A table of wrapped texts. Columns share the width by what they hold. */
final class TableView extends JPanel {
  private static final long serialVersionUID = 1L;

  /** A table with more cells than this is shown as lines of text. */
  static final int CELLS = 400;

  private final transient Look look;
  private final transient Grid grid;

  TableView(Block.Table table, Look look, String name, Consumer<String> onLink) {
    this.look = look;
    int columns = table.rows().stream().mapToInt(List::size).max().orElse(1);
    grid = new Grid(columns);
    setLayout(grid);
    setOpaque(false);
    for (int row = 0; row < table.rows().size(); ++row) {
      List<List<Span>> cells = table.rows().get(row);
      for (int column = 0; column < columns; ++column) {
        RichText cell = new RichText(look, name, onLink);
        cell.setBorder(BorderFactory.createEmptyBorder(look.px(3), look.px(6), look.px(3), look.px(6)));
        cell.append(List.of(paragraph(column < cells.size() ? cells.get(column) : List.of(), row == 0)));
        add(cell);
      }
    }
  }

  /** The table as lines, for one that is too large for components. */
  static List<Block.Paragraph> lines(Block.Table table) {
    List<Block.Paragraph> out = new ArrayList<>();
    for (List<List<Span>> row : table.rows()) {
      List<Span> spans = new ArrayList<>();
      for (List<Span> cell : row) {
        if (!spans.isEmpty()) spans.add(Span.plain(" | "));
        spans.addAll(cell);
      }
      out.add(new Block.Paragraph(0, 0, 0, "", spans));
    }
    return out;
  }

  static boolean fits(Block.Table table) {
    return table.rows().stream().mapToInt(List::size).sum() <= CELLS;
  }

  private static Block.Paragraph paragraph(List<Span> spans, boolean head) {
    return new Block.Paragraph(head ? 6 : 0, 0, 0, "", spans);
  }

  @Override
  protected void paintComponent(Graphics g) {
    super.paintComponent(g);
    Color border = look.border();
    g.setColor(border);
    for (int y : grid.lines) g.fillRect(0, y, grid.width, 1);
  }

  private static final class Grid implements LayoutManager {
    private final int columns;
    private final List<Integer> lines = new ArrayList<>();
    private int width;

    Grid(int columns) {
      this.columns = Math.max(1, columns);
    }

    @Override
    public Dimension preferredLayoutSize(Container parent) {
      return new Dimension(1, walk(parent, false));
    }

    @Override
    public void layoutContainer(Container parent) {
      walk(parent, true);
    }

    private int walk(Container parent, boolean place) {
      Component[] cells = parent.getComponents();
      int[] widths = widths(cells, parent.getWidth());
      List<Integer> rows = new ArrayList<>(List.of(0));
      int y = 1;
      for (int at = 0; at < cells.length; at += columns) {
        int height = 0;
        for (int i = 0; i < columns; ++i) height = Math.max(height, Layouts.heightFor(cells[at + i], widths[i]));
        for (int i = 0, x = 0; place && i < columns; x += widths[i++]) cells[at + i].setBounds(x, y, widths[i], height);
        y += height + 1;
        rows.add(y - 1);
      }
      if (place) {
        lines.clear();
        lines.addAll(rows);
        width = Arrays.stream(widths).sum();
      }
      return y;
    }

    /** As wide as their longest text where there is room for all, else shares of it, none below half of an even one. */
    private int[] widths(Component[] cells, int room) {
      int[] wanted = new int[columns];
      for (int i = 0; i < cells.length; ++i) {
          wanted[i % columns] = Math.max(wanted[i % columns], ((RichText) cells[i]).naturalWidth() + 1);
      }
      long sum = Arrays.stream(wanted).asLongStream().sum();
      if (sum <= room) return wanted;
      int least = Math.max(1, room / columns / 2);
      for (int i = 0; i < columns; ++i) wanted[i] = Math.max(least, (int) (wanted[i] * (long) room / Math.max(1, sum)));
      int over = Arrays.stream(wanted).sum() - room;
      for (int i = 0; i < columns && over > 0; ++i) {
        int give = Math.min(over, wanted[i] - least);
        wanted[i] -= give;
        over -= give;
      }
      return wanted;
    }

    @Override
    public Dimension minimumLayoutSize(Container parent) {
      return new Dimension(1, 1);
    }

    @Override
    public void addLayoutComponent(String name, Component component) {}

    @Override
    public void removeLayoutComponent(Component component) {}
  }
}
