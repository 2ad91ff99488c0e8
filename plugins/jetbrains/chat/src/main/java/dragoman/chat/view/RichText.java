package dragoman.chat.view;

import dragoman.chat.markdown.Block;
import dragoman.chat.markdown.Span;
import dragoman.chat.markdown.Visible;
import java.awt.Color;
import java.awt.Cursor;
import java.awt.Font;
import java.awt.Insets;
import java.awt.event.ActionEvent;
import java.awt.event.FocusEvent;
import java.awt.event.KeyEvent;
import java.awt.event.MouseAdapter;
import java.awt.event.MouseEvent;
import java.util.List;
import java.util.function.Consumer;
import javax.swing.AbstractAction;
import javax.swing.JTextPane;
import javax.swing.KeyStroke;
import javax.swing.SizeRequirements;
import javax.swing.text.AttributeSet;
import javax.swing.text.BadLocationException;
import javax.swing.text.DefaultCaret;
import javax.swing.text.Element;
import javax.swing.text.LabelView;
import javax.swing.text.MutableAttributeSet;
import javax.swing.text.ParagraphView;
import javax.swing.text.SimpleAttributeSet;
import javax.swing.text.StyleConstants;
import javax.swing.text.StyledDocument;
import javax.swing.text.StyledEditorKit;
import javax.swing.text.TabSet;
import javax.swing.text.TabStop;
import javax.swing.text.View;
import javax.swing.text.ViewFactory;

/**
 * Paragraphs that can be read, selected, copied and walked with the keyboard, and links in them that Enter and a click
 * follow. What it shows is put there span by span: no text of it is ever read as HTML.
 */
final class RichText extends JTextPane {
  private static final long serialVersionUID = 1L;
  private static final Object URL = "dragoman.url";

  private final transient Look look;
  private final transient Consumer<String> onLink;
  private boolean empty = true;

  RichText(Look look, String accessibleName, Consumer<String> onLink) {
    this.look = look;
    this.onLink = onLink;
    setEditorKit(new WrappingKit());
    setEditable(false);
    setOpaque(false);
    setBorder(null);
    setMargin(new Insets(0, 0, 0, 0));
    setFont(look.text());
    setForeground(look.foreground());
    setCaret(new ReadingCaret());
    getAccessibleContext().setAccessibleName(accessibleName);
    MouseAdapter mouse = new MouseAdapter() {
      @Override
      public void mouseClicked(MouseEvent event) {
        if (event.getButton() == MouseEvent.BUTTON1 && getSelectionStart() == getSelectionEnd())
          follow(viewToModel2D(event.getPoint()));
      }

      @Override
      public void mouseMoved(MouseEvent event) {
        boolean link = !urlAt(viewToModel2D(event.getPoint())).isEmpty();
        setCursor(Cursor.getPredefinedCursor(link ? Cursor.HAND_CURSOR : Cursor.TEXT_CURSOR));
      }
    };
    addMouseListener(mouse);
    addMouseMotionListener(mouse);
    getInputMap().put(KeyStroke.getKeyStroke(KeyEvent.VK_ENTER, 0), "follow-link");
    getActionMap().put("follow-link", new AbstractAction() {
      private static final long serialVersionUID = 1L;

      @Override
      public void actionPerformed(ActionEvent event) {
        follow(getCaretPosition());
      }
    });
  }

  /** As wide as its longest paragraph on one line. */
  int naturalWidth() {
    return (int) Math.ceil(getUI().getRootView(this).getPreferredSpan(View.X_AXIS)) + getInsets().left + getInsets().right;
  }

  int length() {
    return getDocument().getLength();
  }

  void clear() {
    setText("");
    empty = true;
  }

  /** A text as it is, each of its lines a paragraph; {@code color} null for the usual one. */
  void plain(String text, Color color) {
    SimpleAttributeSet style = new SimpleAttributeSet();
    if (color != null) StyleConstants.setForeground(style, color);
    for (Span span : Visible.spans(text, Span.plain(""))) insert(span, style);
    empty = false;
  }

  void append(List<Block.Paragraph> paragraphs) {
    for (Block.Paragraph paragraph : paragraphs) append(paragraph);
  }

  private void append(Block.Paragraph paragraph) {
    if (!empty) insert(Span.plain("\n"), new SimpleAttributeSet());
    int start = length();
    MutableAttributeSet style = new SimpleAttributeSet();
    if (paragraph.heading() > 0) {
      StyleConstants.setBold(style, true);
      StyleConstants.setFontSize(style, getFont().getSize() + look.px(Math.max(0, 5 - 2 * paragraph.heading())));
    }
    if (paragraph.quote() > 0) StyleConstants.setForeground(style, look.muted());
    if (!paragraph.marker().isEmpty()) insert(Span.plain(paragraph.marker() + "\t"), style);
    for (Span span : paragraph.spans()) insert(span, style);
    getStyledDocument().setParagraphAttributes(start, Math.max(1, length() - start), shape(paragraph), false);
    empty = false;
  }

  /** Where a paragraph stands: what hangs on a marker begins at its tab stop. */
  private AttributeSet shape(Block.Paragraph paragraph) {
    SimpleAttributeSet shape = new SimpleAttributeSet();
    int left = look.px(20) * paragraph.indent() + look.px(14) * paragraph.quote();
    StyleConstants.setLeftIndent(shape, left);
    StyleConstants.setSpaceAbove(shape, empty ? 0 : look.px(paragraph.heading() > 0 ? 10 : paragraph.indent() > 0 ? 3 : 7));
    StyleConstants.setLineSpacing(shape, 0.12f);
    if (!paragraph.marker().isEmpty()) {
      StyleConstants.setFirstLineIndent(shape, -look.px(18));
      StyleConstants.setTabSet(shape, new TabSet(new TabStop[] {new TabStop(0)})); // counted from the indent
    }
    return shape;
  }

  private void insert(Span span, AttributeSet around) {
    SimpleAttributeSet style = new SimpleAttributeSet(around);
    for (Span.Mark mark : span.marks()) mark(style, mark);
    if (!span.url().isEmpty()) {
      StyleConstants.setForeground(style, look.link());
      StyleConstants.setUnderline(style, true);
      style.addAttribute(URL, span.url());
    }
    try {
      getStyledDocument().insertString(length(), span.text(), style);
    } catch (BadLocationException impossible) {
      throw new IllegalStateException(impossible); // the end is always a place
    }
  }

  private void mark(MutableAttributeSet style, Span.Mark mark) {
    switch (mark) {
      case BOLD -> StyleConstants.setBold(style, true);
      case ITALIC -> StyleConstants.setItalic(style, true);
      case STRIKE -> StyleConstants.setStrikeThrough(style, true);
      case CODE -> {
        StyleConstants.setFontFamily(style, look.code().getFamily());
        StyleConstants.setBackground(style, look.codeBackground());
      }
      case MUTED -> StyleConstants.setForeground(style, look.muted());
      case CONTROL -> {
        StyleConstants.setForeground(style, look.error());
        StyleConstants.setFontFamily(style, Font.MONOSPACED);
      }
    }
  }

  /** Where the text at {@code offset} leads, or "". */
  String urlAt(int offset) {
    StyledDocument document = getStyledDocument();
    Element run = document.getCharacterElement(offset);
    return run.getAttributes().getAttribute(URL) instanceof String url && offset < length() ? url : "";
  }

  private void follow(int offset) {
    String url = urlAt(offset);
    if (!url.isEmpty()) onLink.accept(url);
  }

  /** Is seen though nothing can be typed, and moves no scroll pane when text is added. */
  private static final class ReadingCaret extends DefaultCaret {
    private static final long serialVersionUID = 1L;

    ReadingCaret() {
      setUpdatePolicy(NEVER_UPDATE);
    }

    @Override
    public void focusGained(FocusEvent event) {
      setVisible(true);
      setSelectionVisible(true);
    }
  }

  /** Breaks words that are longer than a line, where Swing would let them run out of sight. */
  private static final class WrappingKit extends StyledEditorKit {
    private static final long serialVersionUID = 1L;

    @Override
    public ViewFactory getViewFactory() {
      ViewFactory usual = super.getViewFactory();
      return element -> {
        View view = usual.create(element);
        if (view instanceof LabelView) return new BreakingLabel(element);
        return view instanceof ParagraphView ? new BreakingParagraph(element) : view;
      };
    }
  }

  private static final class BreakingLabel extends LabelView {
    BreakingLabel(Element element) {
      super(element);
    }

    @Override
    public float getMinimumSpan(int axis) {
      return axis == X_AXIS ? 0 : super.getMinimumSpan(axis);
    }
  }

  private static final class BreakingParagraph extends ParagraphView {
    BreakingParagraph(Element element) {
      super(element);
    }

    @Override
    protected SizeRequirements calculateMinorAxisRequirements(int axis, SizeRequirements wanted) {
      SizeRequirements out = super.calculateMinorAxisRequirements(axis, wanted);
      out.minimum = 0;
      return out;
    }
  }
}
