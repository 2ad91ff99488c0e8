package dragoman.ide.edit;

import dragoman.ide.DragomanBundle;
import java.awt.BorderLayout;
import java.awt.Component;
import java.awt.FlowLayout;
import java.awt.event.KeyEvent;
import javax.swing.BorderFactory;
import javax.swing.JButton;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.KeyStroke;

/**
 * The buttons of a proposal: from change to change, accept or discard the one that is looked at, accept or discard all. Plain
 * Swing, reached and pressed by the keyboard; each button tells a screen reader which change it is for. A button that is
 * switched off hands the focus on to one that is not, so that a person can go on pressing.
 */
final class HunkBar extends JPanel {
  private static final long serialVersionUID = 1L;

  interface Actions {
    /** To the next change, or by -1 to the one before. */
    void go(int by);

    void accept();

    void discard();

    void acceptAll();

    void discardAll();
  }

  /**
   * @param index of the change that is looked at, from 0
   * @param line where it stands in the document, from 1
   * @param note what there is to say besides, or ""
   */
  record Shown(int index, int count, int line, boolean streaming, String note) {}

  private final JButton previous;
  private final JButton next;
  private final JButton accept;
  private final JButton discard;
  private final JButton acceptAll;
  private final JButton discardAll;
  private final JLabel where = new JLabel();
  private final JLabel note = new JLabel();

  HunkBar(Actions actions) {
    super(new BorderLayout());
    previous = button("\u2191", () -> actions.go(-1));
    next = button("\u2193", () -> actions.go(1));
    accept = button(DragomanBundle.message("edit.accept"), actions::accept);
    discard = button(DragomanBundle.message("edit.discard"), actions::discard);
    acceptAll = button(DragomanBundle.message("edit.acceptAll"), actions::acceptAll);
    discardAll = button(DragomanBundle.message("edit.discardAll"), actions::discardAll);
    named(previous, DragomanBundle.message("edit.previous"));
    named(next, DragomanBundle.message("edit.next"));
    for (JLabel label : new JLabel[] {where, note}) label.putClientProperty("html.disable", Boolean.TRUE);
    note.setBorder(BorderFactory.createEmptyBorder(4, 6, 0, 6));
    add(row(FlowLayout.LEADING, previous, next, where, accept, discard), BorderLayout.WEST);
    add(row(FlowLayout.TRAILING, acceptAll, discardAll), BorderLayout.EAST);
    add(note, BorderLayout.SOUTH);
    show(new Shown(0, 0, 0, true, ""));
  }

  /** What a person is likely to press next. */
  JButton preferred() {
    return accept.isEnabled() ? accept : discardAll;
  }

  void show(Shown now) {
    boolean some = now.count() > 0;
    boolean waited = !accept.isEnabled() && discardAll.isFocusOwner();
    String change = some ? DragomanBundle.message("edit.change", now.index() + 1, now.count(), String.valueOf(now.line())) : "";
    where.setText(change);
    note.setText(now.note().isEmpty() ? " " : now.note());
    named(accept, (accept.getText() + " " + change).strip());
    named(discard, (discard.getText() + " " + change).strip());
    accept.setEnabled(some);
    discard.setEnabled(some);
    acceptAll.setEnabled(some);
    previous.setEnabled(now.index() > 0);
    next.setEnabled(now.index() + 1 < now.count());
    discardAll.setText(DragomanBundle.message(now.streaming() ? "edit.stop" : "edit.discardAll"));
    if (waited && some) accept.requestFocusInWindow();
    for (JButton button : new JButton[] {previous, next})
      if (button.isFocusOwner() && !button.isEnabled()) preferred().requestFocusInWindow();
  }

  private static void named(Component button, String name) {
    button.getAccessibleContext().setAccessibleName(name);
    if (button instanceof JButton pressed) pressed.setToolTipText(name);
  }

  private static JPanel row(int align, Component... parts) {
    JPanel row = new JPanel(new FlowLayout(align, 6, 2));
    for (Component part : parts) row.add(part);
    return row;
  }

  /** Enter presses it as Space does: the window has no default button to take that key. */
  private static JButton button(String label, Runnable action) {
    JButton button = new JButton(label);
    button.putClientProperty("html.disable", Boolean.TRUE);
    button.addActionListener(event -> action.run());
    button.getInputMap().put(KeyStroke.getKeyStroke(KeyEvent.VK_ENTER, 0, false), "pressed");
    button.getInputMap().put(KeyStroke.getKeyStroke(KeyEvent.VK_ENTER, 0, true), "released");
    return button;
  }
}
