package dragoman.ide.account;

import dragoman.ide.DragomanBundle;
import java.awt.BorderLayout;
import java.awt.FlowLayout;
import java.awt.Font;
import java.awt.Insets;
import java.util.function.Consumer;
import javax.swing.JButton;
import javax.swing.JPanel;
import javax.swing.JScrollPane;
import javax.swing.JTextArea;

/** A text to read, search with the eyes and copy, and a button that asks for it anew. Plain Swing, on the UI thread. */
final class AccountView extends JPanel {
  private static final long serialVersionUID = 1L;

  private final JTextArea text = new JTextArea();
  private final JButton refresh = new JButton(DragomanBundle.message("account.refresh"));

  /**
   * @param title what a screen reader says it is
   * @param ask runs when the button is pressed; {@link #show} is expected to follow
   * @param copy takes what is selected, else all of it
   */
  AccountView(String title, Font font, Runnable ask, Consumer<String> copy) {
    super(new BorderLayout());
    text.setEditable(false);
    text.setFont(font);
    text.setMargin(new Insets(4, 8, 4, 8));
    text.getAccessibleContext().setAccessibleName(title);
    JButton copying = new JButton(DragomanBundle.message("account.copy"));
    copying.addActionListener(event -> copy.accept(text.getSelectedText() == null ? text.getText() : text.getSelectedText()));
    refresh.addActionListener(event -> {
      refresh.setEnabled(false);
      ask.run();
    });
    JPanel buttons = new JPanel(new FlowLayout(FlowLayout.LEADING, 4, 4));
    buttons.add(refresh);
    buttons.add(copying);
    add(buttons, BorderLayout.NORTH);
    add(new JScrollPane(text), BorderLayout.CENTER);
  }

  /** In place of what was there; the newest line, which is the first, is in sight. */
  void show(String words) {
    text.setText(words);
    text.setCaretPosition(0);
    refresh.setEnabled(true);
  }

  /** Where the keyboard goes. */
  JTextArea field() {
    return text;
  }
}
