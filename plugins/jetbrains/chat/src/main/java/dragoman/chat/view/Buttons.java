package dragoman.chat.view;

import java.awt.Cursor;
import java.awt.Graphics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.event.ActionEvent;
import javax.swing.AbstractAction;
import javax.swing.AbstractButton;
import javax.swing.BorderFactory;
import javax.swing.JButton;
import javax.swing.KeyStroke;
import javax.swing.plaf.basic.BasicButtonUI;

/** Buttons of the chat: flat ones that stand beside text, and one that stands out. */
final class Buttons {
  private Buttons() {}

  /** {@code hint} may be null; a screen reader hears both. */
  static JButton flat(Look look, String label, String hint, Runnable action) {
    JButton button = new Ringed(look, label);
    dress(button, hint, action);
    button.setFont(look.text().deriveFont(look.text().getSize2D() - look.px(1)));
    button.setForeground(look.muted());
    button.setContentAreaFilled(false);
    button.setOpaque(false);
    button.setBorder(BorderFactory.createEmptyBorder(look.px(2), look.px(4), look.px(2), look.px(4)));
    button.setCursor(Cursor.getPredefinedCursor(Cursor.HAND_CURSOR));
    return button;
  }

  static JButton plain(String label, String hint, Runnable action) {
    JButton button = new JButton(label);
    dress(button, hint, action);
    return button;
  }

  private static void dress(JButton button, String hint, Runnable action) {
    button.putClientProperty("html.disable", Boolean.TRUE); // Swing reads a label that begins with <html> as such
    button.setToolTipText(hint);
    if (hint != null) button.getAccessibleContext().setAccessibleDescription(hint);
    button.addActionListener(event -> action.run());
  }

  /** The one button that stands out. */
  static JButton primary(Look look, String label, Runnable action) {
    JButton button = new Ringed(look, label) {
      private static final long serialVersionUID = 1L;

      @Override
      protected void paintComponent(Graphics g) {
        Graphics2D graphics = (Graphics2D) g.create();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setColor(getModel().isArmed() ? look.accent().darker() : look.accent());
        graphics.fillRoundRect(0, 0, getWidth(), getHeight(), look.px(8), look.px(8));
        graphics.dispose();
        super.paintComponent(g);
      }
    };
    dress(button, null, action);
    button.setUI(new BasicButtonUI()); // the theme's own would paint its ground over this one
    button.setFont(look.text());
    button.setForeground(look.onAccent());
    button.setContentAreaFilled(false);
    button.setOpaque(false);
    button.setBorder(BorderFactory.createEmptyBorder(look.px(5), look.px(14), look.px(5), look.px(14)));
    return button;
  }

  /** {@code key}, going down, presses it as a click does. */
  static void pressedBy(AbstractButton button, KeyStroke key) {
    button.getInputMap().put(key, key);
    button.getActionMap().put(key, new AbstractAction() {
      private static final long serialVersionUID = 1L;

      @Override
      public void actionPerformed(ActionEvent event) {
        button.doClick(0);
      }
    });
  }

  /** A name for a screen reader that says more than the label. */
  static <T extends AbstractButton> T named(T button, String name) {
    button.getAccessibleContext().setAccessibleName(name);
    return button;
  }

  /** Shows that it has the focus, which a button without a border of its own otherwise does not. */
  private static class Ringed extends JButton {
    private static final long serialVersionUID = 1L;
    private final transient Look look;

    Ringed(Look look, String label) {
      super(label);
      this.look = look;
    }

    @Override
    protected void paintBorder(Graphics g) {
      super.paintBorder(g);
      if (!isFocusOwner()) return;
      g.setColor(look.link());
      g.drawRoundRect(0, 0, getWidth() - 1, getHeight() - 1, look.px(6), look.px(6));
    }
  }
}
