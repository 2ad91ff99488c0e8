package dragoman.chat.view;

import dragoman.chat.Attachment;
import dragoman.chat.Words;
import dragoman.chat.markdown.Visible;
import java.awt.BorderLayout;
import java.awt.Component;
import java.awt.FlowLayout;
import java.awt.FontMetrics;
import java.awt.Graphics;
import java.awt.KeyboardFocusManager;
import java.awt.event.ActionEvent;
import java.awt.event.InputMethodEvent;
import java.awt.event.InputMethodListener;
import java.awt.event.KeyEvent;
import java.util.List;
import javax.swing.AbstractAction;
import javax.swing.BorderFactory;
import javax.swing.JButton;
import javax.swing.JPanel;
import javax.swing.JScrollPane;
import javax.swing.JTextArea;
import javax.swing.KeyStroke;
import javax.swing.event.DocumentEvent;
import javax.swing.event.DocumentListener;
import javax.swing.text.DefaultEditorKit;

/** Where the next question is written: the text, what it takes along, the model, send and stop. */
final class Composer extends JPanel {
  private static final long serialVersionUID = 1L;
  private static final int LEAST_ROWS = 3;
  private static final int MOST_ROWS = 12;

  interface Actions {
    /** False where nothing was sent; the text then stays. */
    boolean send(String prompt);

    void stop();

    void detach(int index);
  }

  private final transient Look look;
  private final transient Words words;
  private final transient Actions actions;
  private final Attached attached;
  private final RichText notice;
  private final JTextArea field = new HintedArea();
  private final JButton model;
  private final JButton send;
  private boolean streaming;

  /** {@code incoming} hears of files and pictures that are pasted or dropped. */
  Composer(Look look, Words words, Desk desk, Actions actions, Incoming.Sink incoming) {
    super(new Layouts.Stack(look.px(4)));
    this.look = look;
    this.words = words;
    this.actions = actions;
    setOpaque(false);
    setBorder(BorderFactory.createEmptyBorder(look.px(6), look.px(10), look.px(10), look.px(10)));
    attached = new Attached(look, words, actions::detach);
    notice = new RichText(look, words.get("notice"), desk::openLink);
    model = Buttons.flat(look, words.get("defaultModel"), words.get("model"), desk::chooseModel);
    send = Buttons.primary(look, words.get("send"), this::submit);
    dressField();
    field.setTransferHandler(new Incoming(incoming, field.getTransferHandler()));
    JScrollPane scroll = new JScrollPane(field);
    scroll.setBorder(BorderFactory.createLineBorder(look.border(), 1, true));
    JPanel left = new JPanel(new FlowLayout(FlowLayout.LEADING, look.px(2), 0));
    left.setOpaque(false);
    left.add(Buttons.flat(look, words.get("attach"), words.get("attach.hint"), desk::attach));
    left.add(model);
    JPanel row = new JPanel(new BorderLayout());
    row.setOpaque(false);
    row.add(left, BorderLayout.CENTER);
    row.add(send, BorderLayout.EAST);
    add(attached);
    add(notice);
    add(scroll);
    add(row);
    attachments(List.of());
    notice("");
    model("");
  }

  String draft() {
    return field.getText();
  }

  void draft(String text) {
    field.setText(text);
  }

  /** A question that was not asked comes back, before what was written since. */
  void giveBack(String question) {
    String since = field.getText();
    field.setText(since.isBlank() ? question : question + "\n" + since);
    field.setCaretPosition(question.length());
  }

  JTextArea field() {
    return field;
  }

  void attachments(List<Attachment> attachments) {
    attached.show(attachments);
    revalidate();
  }

  /** Why a question was not asked, or something not attached; "" is nothing. */
  void notice(String sentence) {
    notice.clear();
    notice.plain(sentence, look.error());
    notice.setVisible(!sentence.isEmpty());
    revalidate();
    repaint();
  }

  /** After attachment {@code index} was removed: on to the next one, so that a keyboard can remove several. */
  void focusBehind(int index) {
    Component next = attached.next(index);
    (next == null ? field : next).requestFocusInWindow();
  }

  void model(String id) {
    String name = id.isEmpty() ? words.get("defaultModel") : Visible.text(id);
    model.setText(name);
    Buttons.named(model, words.get("model") + ": " + name);
  }

  void streaming(boolean now) {
    streaming = now;
    send.setText(words.get(now ? "stop" : "send"));
    Buttons.named(send, send.getText());
  }

  /** Enter sends, Shift+Enter begins a line; Enter that ends an input method's word is not for us. */
  static void enterSends(JTextArea field, Runnable send) {
    boolean[] composing = new boolean[1];
    field.addInputMethodListener(new InputMethodListener() {
      @Override
      public void inputMethodTextChanged(InputMethodEvent event) {
        int all = event.getText() == null ? 0 : event.getText().getEndIndex() - event.getText().getBeginIndex();
        composing[0] = all > event.getCommittedCharacterCount();
      }

      @Override
      public void caretPositionChanged(InputMethodEvent event) {}
    });
    field.getInputMap().put(KeyStroke.getKeyStroke(KeyEvent.VK_ENTER, 0), "send");
    field.getInputMap()
        .put(KeyStroke.getKeyStroke(KeyEvent.VK_ENTER, KeyEvent.SHIFT_DOWN_MASK), DefaultEditorKit.insertBreakAction);
    field.getActionMap().put("send", new AbstractAction() {
      private static final long serialVersionUID = 1L;

      @Override
      public void actionPerformed(ActionEvent event) {
        if (!composing[0]) send.run();
      }
    });
    // Tab leads on; a question needs no tabs, and who walks with the keyboard must get out.
    for (int way : new int[] {KeyboardFocusManager.FORWARD_TRAVERSAL_KEYS, KeyboardFocusManager.BACKWARD_TRAVERSAL_KEYS})
      field.setFocusTraversalKeys(
          way, KeyboardFocusManager.getCurrentKeyboardFocusManager().getDefaultFocusTraversalKeys(way));
  }

  private void submit() {
    if (streaming) {
      actions.stop();
      return;
    }
    if (actions.send(field.getText())) field.setText("");
    field.requestFocusInWindow();
  }

  private void dressField() {
    field.setLineWrap(true);
    field.setWrapStyleWord(true);
    field.setFont(look.text());
    field.setForeground(look.foreground());
    field.setCaretColor(look.foreground());
    field.setBackground(look.fieldBackground());
    field.setBorder(BorderFactory.createEmptyBorder(look.px(6), look.px(8), look.px(6), look.px(8)));
    field.getAccessibleContext().setAccessibleName(words.get("question.hint"));
    enterSends(field, () -> {
      if (!streaming) submit();
      else field.replaceSelection("\n");
    });
    field.getDocument().addDocumentListener(new DocumentListener() {
      @Override
      public void insertUpdate(DocumentEvent event) {
        fit();
      }

      @Override
      public void removeUpdate(DocumentEvent event) {
        fit();
      }

      @Override
      public void changedUpdate(DocumentEvent event) {}
    });
  }

  private void fit() {
    int rows = Math.max(LEAST_ROWS, Math.min(MOST_ROWS, field.getLineCount()));
    if (rows == field.getRows()) return;
    field.setRows(rows);
    revalidate();
  }

  /** Says what it is for while it is empty. */
  private final class HintedArea extends JTextArea {
    private static final long serialVersionUID = 1L;

    HintedArea() {
      super(LEAST_ROWS, 20);
    }

    @Override
    protected void paintComponent(Graphics g) {
      super.paintComponent(g);
      if (getDocument().getLength() > 0) return;
      g.setFont(getFont());
      g.setColor(look.muted());
      FontMetrics metrics = g.getFontMetrics();
      String hint = words.get("question.hint");
      int room = getWidth() - getInsets().left - getInsets().right;
      int y = getInsets().top + metrics.getAscent();
      for (String rest = hint; !rest.isEmpty(); y += metrics.getHeight()) {
        int end = rest.length();
        while (end > 1 && metrics.stringWidth(rest.substring(0, end)) > room) {
          int space = rest.lastIndexOf(' ', end - 1);
          end = space > 0 ? space : end - 1;
        }
        g.drawString(rest.substring(0, end), getInsets().left, y);
        rest = rest.substring(end).strip();
      }
    }
  }
}
