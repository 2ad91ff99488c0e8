package dragoman.chat.view;

import dragoman.chat.Words;
import dragoman.chat.markdown.Block;
import dragoman.chat.markdown.Visible;
import java.awt.BorderLayout;
import java.awt.Dimension;
import java.awt.FlowLayout;
import java.awt.Font;
import java.awt.event.MouseWheelEvent;
import javax.swing.BorderFactory;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.JScrollPane;
import javax.swing.JTextPane;
import javax.swing.SwingUtilities;
import javax.swing.text.DefaultCaret;
import javax.swing.text.SimpleAttributeSet;
import javax.swing.text.StyleConstants;

/**
 * A block of code with what can be done with it. Its lines are not wrapped: it scrolls sideways, and gives the wheel to
 * the conversation. Code that continues a block that was cut has no head of its own, and its buttons take all of it.
 */
final class CodeView extends JPanel {
  private static final long serialVersionUID = 1L;

  private final transient Look look;
  private final transient Highlighter highlighter;
  private final JTextPane area = new JTextPane() {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean getScrollableTracksViewportWidth() {
      return getUI().getPreferredSize(this).width <= getParent().getWidth();
    }
  };
  private final StringBuilder text = new StringBuilder();
  private final String language;

  CodeView(Block.Code code, Look look, Highlighter highlighter, Words words, CodeActions actions) {
    super(new BorderLayout());
    this.look = look;
    this.highlighter = highlighter;
    this.language = code.language();
    setBackground(look.codeBackground());
    setBorder(BorderFactory.createLineBorder(look.border()));
    area.setEditable(false);
    area.setFont(look.code());
    area.setForeground(look.foreground());
    area.setBackground(look.codeBackground());
    area.setBorder(BorderFactory.createEmptyBorder(look.px(4), look.px(8), look.px(8), look.px(8)));
    if (area.getCaret() instanceof DefaultCaret caret) caret.setUpdatePolicy(DefaultCaret.NEVER_UPDATE);
    area.getAccessibleContext()
        .setAccessibleName(language.isEmpty() ? words.get("code") : words.get("code.language", language));
    JScrollPane scroll = new SidewaysPane(area);
    add(scroll, BorderLayout.CENTER);
    if (!code.continues()) add(head(words, actions), BorderLayout.NORTH);
    append(code.text());
  }

  String text() {
    return text.toString();
  }

  /** What continues it. */
  void append(String more) {
    text.append(more);
    String shown = withoutLastBreak(text);
    area.setText(shown);
    if (shown.length() > Highlighter.LIMIT) return;
    for (Highlighter.Run run : highlighter.runs(shown, language)) {
      SimpleAttributeSet style = new SimpleAttributeSet();
      if (run.color() != null) StyleConstants.setForeground(style, run.color());
      StyleConstants.setBold(style, (run.style() & Font.BOLD) != 0);
      StyleConstants.setItalic(style, (run.style() & Font.ITALIC) != 0);
      area.getStyledDocument().setCharacterAttributes(run.start(), run.end() - run.start(), style, false);
    }
  }

  private JPanel head(Words words, CodeActions actions) {
    JPanel head = new JPanel(new BorderLayout());
    head.setOpaque(false);
    JLabel name = new JLabel(language.length() > 40 ? language.substring(0, 40) : language);
    name.putClientProperty("html.disable", Boolean.TRUE);
    name.setForeground(look.muted());
    name.setFont(look.text().deriveFont(look.text().getSize2D() - look.px(1)));
    name.setBorder(BorderFactory.createEmptyBorder(look.px(2), look.px(8), 0, 0));
    JPanel buttons = new JPanel(new FlowLayout(FlowLayout.TRAILING, 0, 0));
    buttons.setOpaque(false);
    buttons.add(Buttons.flat(look, words.get("copy"), null, () -> actions.copy(text())));
    buttons.add(Buttons.flat(look, words.get("insert"), words.get("insert.hint"), () -> actions.insert(text())));
    buttons.add(Buttons.flat(look, words.get("apply"), words.get("apply.hint"), () -> actions.apply(text())));
    head.add(name, BorderLayout.CENTER);
    head.add(buttons, BorderLayout.EAST);
    return head;
  }

  /** The line break before the closing fence is no line to look at. Direction controls are shown by their numbers. */
  private static String withoutLastBreak(StringBuilder text) {
    int end = text.length() > 0 && text.charAt(text.length() - 1) == '\n' ? text.length() - 1 : text.length();
    return Visible.text(text.substring(0, end));
  }

  /** Scrolls sideways alone. */
  private static final class SidewaysPane extends JScrollPane {
    private static final long serialVersionUID = 1L;

    SidewaysPane(JTextPane area) {
      super(area, VERTICAL_SCROLLBAR_NEVER, HORIZONTAL_SCROLLBAR_AS_NEEDED);
      setBorder(null);
      setOpaque(false);
      getViewport().setOpaque(false);
    }

    @Override
    public Dimension getPreferredSize() {
      Dimension size = getViewport().getView().getPreferredSize();
      boolean bar = getWidth() > 0 && size.width > getWidth();
      return new Dimension(size.width, size.height + (bar ? getHorizontalScrollBar().getPreferredSize().height : 0));
    }

    @Override
    protected void processMouseWheelEvent(MouseWheelEvent event) {
      if (event.isShiftDown() || getParent() == null) super.processMouseWheelEvent(event);
      else getParent().dispatchEvent(SwingUtilities.convertMouseEvent(this, event, getParent()));
    }
  }
}
