package dragoman.chat.view;

import java.awt.Component;
import java.awt.Container;
import java.awt.Dimension;
import java.awt.Insets;
import java.awt.LayoutManager;

/**
 * Layouts whose height follows from their width, which is what wrapped text needs and Swing's own do not give: a parent
 * sets its children's width first and asks for their height then.
 */
final class Layouts {
  private Layouts() {}

  /** Gives a component its width, and the height that it then wants. */
  static int heightFor(Component component, int width) {
    if (component.getWidth() != width) component.setSize(width, Math.max(component.getHeight(), 1_000));
    return component.getPreferredSize().height;
  }

  /** One below the other, each as wide as there is room. */
  static final class Stack implements LayoutManager {
    private final int gap;

    Stack(int gap) {
      this.gap = gap;
    }

    @Override
    public Dimension preferredLayoutSize(Container parent) {
      return new Dimension(minimumLayoutSize(parent).width, walk(parent, false));
    }

    @Override
    public void layoutContainer(Container parent) {
      walk(parent, true);
    }

    private int walk(Container parent, boolean place) {
      Insets insets = parent.getInsets();
      int width = Math.max(1, parent.getWidth() - insets.left - insets.right);
      int y = insets.top;
      for (Component child : parent.getComponents()) {
        if (!child.isVisible()) continue;
        int height = heightFor(child, width);
        if (place) child.setBounds(insets.left, y, width, height);
        y += height + gap;
      }
      return Math.max(insets.top, y - gap) + insets.bottom;
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

  /** One beside the other as they like to be, their middles on one line. */
  static final class Row implements LayoutManager {
    private final int gap;

    Row(int gap) {
      this.gap = gap;
    }

    @Override
    public Dimension preferredLayoutSize(Container parent) {
      Insets insets = parent.getInsets();
      int width = 0;
      int height = 0;
      for (Component child : parent.getComponents()) {
        Dimension size = child.getPreferredSize();
        width += size.width + (width == 0 ? 0 : gap);
        height = Math.max(height, size.height);
      }
      return new Dimension(width + insets.left + insets.right, height + insets.top + insets.bottom);
    }

    /** Where there is not enough room the first one gives way: what stands behind it are buttons. */
    @Override
    public void layoutContainer(Container parent) {
      Insets insets = parent.getInsets();
      int missing = Math.max(0, preferredLayoutSize(parent).width - parent.getWidth());
      int height = parent.getHeight() - insets.top - insets.bottom;
      int x = insets.left;
      for (Component child : parent.getComponents()) {
        Dimension size = child.getPreferredSize();
        int width = Math.max(0, size.width - missing);
        missing = 0;
        child.setBounds(x, insets.top + (height - size.height) / 2, width, size.height);
        x += width + gap;
      }
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

  /** One beside the other as they like to be, in as many rows as it takes. */
  static final class Flow implements LayoutManager {
    private final int gap;

    Flow(int gap) {
      this.gap = gap;
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
      Insets insets = parent.getInsets();
      int width = Math.max(1, parent.getWidth() - insets.left - insets.right);
      int x = 0;
      int y = insets.top;
      int row = 0;
      int first = 0;
      for (int i = 0; i < parent.getComponentCount(); ++i) {
        Component child = parent.getComponent(i);
        if (!child.isVisible()) continue;
        Dimension size = child.getPreferredSize();
        int wide = Math.min(size.width, width);
        if (x > 0 && x + wide > width) {
          if (place) centre(parent, first, i, row);
          first = i;
          x = 0;
          y += row + gap;
          row = 0;
        }
        if (place) child.setBounds(insets.left + x, y, wide, size.height);
        x += wide + gap;
        row = Math.max(row, size.height);
      }
      if (place) centre(parent, first, parent.getComponentCount(), row);
      return y + row + insets.bottom;
    }

    /** The middles of a row's components on one line. */
    private static void centre(Container parent, int first, int end, int height) {
      for (int i = first; i < end; ++i) {
        Component child = parent.getComponent(i);
        child.setLocation(child.getX(), child.getY() + (height - child.getHeight()) / 2);
      }
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
