package dragoman.chat.view;

import java.awt.event.ComponentAdapter;
import java.awt.event.ComponentEvent;
import javax.swing.JComponent;
import javax.swing.JScrollBar;
import javax.swing.JScrollPane;

/** Scrolling that follows an answer only while its reader is at the end. */
final class Follower {
  /** So close counts as the end: a line's height or so. */
  private static final int NEAR = 32;

  private final JScrollBar bar;

  /** Leads to the end, and is there only for a reader who is not. */
  private final JComponent toEnd;

  private boolean following = true;
  private int last;
  private int lastMaximum;

  Follower(JScrollPane pane, JComponent toEnd) {
    this.bar = pane.getVerticalScrollBar();
    this.toEnd = toEnd;
    bar.addAdjustmentListener(event -> scrolled());
    ComponentAdapter grown = new ComponentAdapter() {
      @Override
      public void componentResized(ComponentEvent event) {
        grown();
      }
    };
    pane.getViewport().getView().addComponentListener(grown);
    pane.getViewport().addComponentListener(grown);
    set(true);
  }

  boolean following() {
    return following;
  }

  void follow() {
    set(true);
    grown();
  }

  private void scrolled() {
    // Only a reader scrolls up in a text that is as long as before; a text that shrank moves by itself.
    if (atEnd()) set(true);
    else if (bar.getValue() < last && bar.getMaximum() >= lastMaximum) set(false);
    last = bar.getValue();
    lastMaximum = bar.getMaximum();
  }

  private void grown() {
    if (following) bar.setValue(bar.getMaximum());
    else set(atEnd());
    last = bar.getValue();
    lastMaximum = bar.getMaximum();
  }

  private boolean atEnd() {
    return bar.getMaximum() - bar.getValue() - bar.getVisibleAmount() < NEAR;
  }

  private void set(boolean now) {
    following = now;
    toEnd.setVisible(!now);
  }
}
