package dragoman.chat.view;

import dragoman.chat.Turn;
import dragoman.chat.Words;
import dragoman.chat.markdown.Visible;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Graphics;
import java.awt.RenderingHints;
import java.awt.event.ActionEvent;
import java.awt.event.KeyEvent;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.swing.AbstractAction;
import javax.swing.BorderFactory;
import javax.swing.JButton;
import javax.swing.JComponent;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.JTextArea;
import javax.swing.JToggleButton;
import javax.swing.KeyStroke;

/** One question and its answer, with the buttons that act on them. */
final class TurnView extends JPanel {
  private static final long serialVersionUID = 1L;

  /** So much of the model's reasoning is shown. */
  private static final int REASONING = 100_000;

  /** What its buttons do. */
  interface Actions {
    void retry(String prompt);

    void goOn();

    void fork();

    void copyAnswer();
  }

  private final transient Look look;
  private final transient Words words;
  private final transient Desk desk;
  private final transient Actions actions;
  private final transient Runnable drawn;
  private transient Turn.Head head;
  private final JPanel question;
  private final JToggleButton thinking;
  private final RichText thoughts;
  private final AnswerView answer;
  private final RichText notice;
  private final JPanel foot;
  private JTextArea field;

  TurnView(Turn turn, Look look, Highlighter highlighter, Words words, Desk desk, Actions actions, Runnable drawn) {
    super(new Layouts.Stack(look.px(6)));
    this.look = look;
    this.words = words;
    this.desk = desk;
    this.actions = actions;
    this.drawn = drawn;
    setOpaque(false);
    question = new Rounded(look);
    thinking = new JToggleButton(words.get("reasoning"));
    thoughts = text("reasoning");
    answer = new AnswerView(look, highlighter, words, desk, drawn);
    notice = text("answer");
    foot = row();
    JPanel toggle = row();
    toggle.add(thinking);
    add(question);
    add(toggle);
    add(thoughts);
    add(answer);
    add(notice);
    add(foot);
    dressThinking();
    grow(turn.reasoning(), turn.text());
    update(turn.head());
  }

  void grow(String reasoning, String text) {
    if (!reasoning.isEmpty()) {
      thinking.setVisible(true);
      int room = REASONING - thoughts.length();
      String shown = reasoning.length() > room ? reasoning.substring(0, Math.max(0, room)) + "…" : reasoning;
      if (room > 0) thoughts.plain(shown, look.muted());
    }
    if (!text.isEmpty()) answer.push(text);
    else drawn.run();
  }

  void update(Turn.Head now) {
    head = now;
    boolean focused = field != null;
    if (!now.streaming()) answer.close();
    if (!focused) showQuestion();
    notice.clear();
    String said = said(now, words);
    notice.setVisible(!said.isEmpty());
    notice.plain(said, now.state() == Turn.State.FAILED ? look.error() : look.muted());
    foot.removeAll();
    if (!now.streaming()) footButtons();
    String facts =
        Stream.of(now.model(), now.figures()).filter(one -> !one.isEmpty()).collect(Collectors.joining(" \u00b7 "));
    JLabel label = new JLabel(Visible.text(facts));
    label.putClientProperty("html.disable", Boolean.TRUE);
    label.setForeground(look.muted());
    label.setFont(small());
    foot.add(label);
    revalidate();
    repaint();
    drawn.run();
  }

  void flush() {
    answer.flush();
  }

  void dispose() {
    answer.dispose();
  }

  /** What there is to say of a turn besides its text, or "". */
  static String said(Turn.Head head, Words words) {
    return switch (head.state()) {
      case CANCELLED -> words.get("cancelled");
      case CUT -> (words.get("cut") + " " + head.notice()).strip();
      case FILTERED -> (words.get("filtered") + " " + head.notice()).strip();
      case FAILED -> (words.get("broken") + " " + head.notice()).strip();
      default -> head.notice();
    };
  }

  private void footButtons() {
    foot.add(Buttons.flat(look, words.get("copyAnswer"), null, actions::copyAnswer));
    foot.add(Buttons.flat(look, words.get("retry"), null, () -> actions.retry(null)));
    if (head.canContinue()) foot.add(Buttons.flat(look, words.get("continue"), null, actions::goOn));
    if (head.canFork()) foot.add(Buttons.flat(look, words.get("fork"), null, actions::fork));
  }

  private void showQuestion() {
    field = null;
    question.removeAll();
    RichText prompt = text("question");
    prompt.plain(head.prompt(), null);
    question.add(prompt);
    JPanel row = row();
    for (String name : head.attached()) row.add(chip(name));
    if (!head.streaming()) row.add(Buttons.flat(look, words.get("edit"), null, this::edit));
    if (row.getComponentCount() > 0) question.add(row);
    question.revalidate();
  }

  /** The question becomes a text field, with the question in it. */
  private void edit() {
    question.removeAll();
    field = new JTextArea(head.prompt());
    field.setLineWrap(true);
    field.setWrapStyleWord(true);
    field.setFont(look.text());
    field.setForeground(look.foreground());
    field.setCaretColor(look.foreground());
    field.setBackground(look.fieldBackground());
    field.getAccessibleContext().setAccessibleName(words.get("question"));
    JButton send = Buttons.flat(look, words.get("send"), null, this::sendEdited);
    JButton cancel = Buttons.flat(look, words.get("cancel"), null, this::cancelEdit);
    Composer.enterSends(field, this::sendEdited);
    field.getInputMap().put(KeyStroke.getKeyStroke(KeyEvent.VK_ESCAPE, 0), "cancel-edit");
    field.getActionMap().put("cancel-edit", new AbstractAction() {
      private static final long serialVersionUID = 1L;

      @Override
      public void actionPerformed(ActionEvent event) {
        cancelEdit();
      }
    });
    JPanel row = row();
    row.add(send);
    row.add(cancel);
    question.add(field);
    question.add(row);
    question.revalidate();
    question.repaint();
    field.requestFocusInWindow();
  }

  private void sendEdited() {
    String prompt = field.getText();
    if (prompt.isBlank()) return;
    field = null;
    actions.retry(prompt);
  }

  private void cancelEdit() {
    showQuestion();
    question.repaint();
  }

  private void dressThinking() {
    thinking.putClientProperty("html.disable", Boolean.TRUE);
    thinking.setFont(small());
    thinking.setForeground(look.muted());
    thinking.setContentAreaFilled(false);
    thinking.setBorder(BorderFactory.createEmptyBorder(look.px(2), 0, look.px(2), 0));
    thinking.addActionListener(event -> showThoughts(thinking.isSelected()));
    thinking.setVisible(false);
    showThoughts(false);
  }

  private void showThoughts(boolean shown) {
    thinking.setText((shown ? "\u25be " : "\u25b8 ") + words.get("reasoning"));
    Buttons.named(thinking, words.get("reasoning"));
    thoughts.setVisible(shown);
    revalidate();
    drawn.run();
  }

  private JComponent chip(String name) {
    JLabel label = new JLabel(Visible.text(name));
    label.putClientProperty("html.disable", Boolean.TRUE);
    label.setFont(small());
    label.setForeground(look.muted());
    label.setBorder(
        BorderFactory.createCompoundBorder(
            BorderFactory.createLineBorder(look.border(), 1, true),
            BorderFactory.createEmptyBorder(look.px(1), look.px(5), look.px(1), look.px(5))));
    return label;
  }

  private Font small() {
    return look.text().deriveFont(look.text().getSize2D() - look.px(1));
  }

  private RichText text(String key) {
    return new RichText(look, words.get(key), desk::openLink);
  }

  private JPanel row() {
    JPanel row = new JPanel(new Layouts.Flow(look.px(4)));
    row.setOpaque(false);
    return row;
  }

  /** The ground that a question stands on. */
  private static final class Rounded extends JPanel {
    private static final long serialVersionUID = 1L;
    private final transient Look look;

    Rounded(Look look) {
      super(new Layouts.Stack(look.px(4)));
      this.look = look;
      setOpaque(false);
      setBorder(BorderFactory.createEmptyBorder(look.px(8), look.px(10), look.px(6), look.px(10)));
    }

    @Override
    protected void paintComponent(Graphics g) {
      Color ground = look.questionBackground();
      Graphics2D graphics = (Graphics2D) g.create();
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setColor(ground);
      graphics.fillRoundRect(0, 0, getWidth(), getHeight(), look.px(12), look.px(12));
      graphics.dispose();
    }
  }
}
