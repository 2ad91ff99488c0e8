package dragoman.chat.view;

import dragoman.chat.Backend;
import dragoman.chat.Words;
import dragoman.chat.markdown.Visible;
import dragoman.client.Protocol.ChatHead;
import dragoman.client.Protocol.ChatListParams;
import dragoman.client.RequestException;
import java.awt.BorderLayout;
import java.awt.Component;
import java.awt.event.ActionEvent;
import java.awt.event.KeyEvent;
import java.awt.event.MouseAdapter;
import java.awt.event.MouseEvent;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javax.swing.AbstractAction;
import javax.swing.BorderFactory;
import javax.swing.DefaultListModel;
import javax.swing.JComponent;
import javax.swing.JLabel;
import javax.swing.JList;
import javax.swing.JPanel;
import javax.swing.JScrollPane;
import javax.swing.JTextField;
import javax.swing.KeyStroke;
import javax.swing.ListCellRenderer;
import javax.swing.ListSelectionModel;
import javax.swing.Timer;
import javax.swing.event.DocumentEvent;
import javax.swing.event.DocumentListener;

/**
 * The conversations that the daemon keeps: found by their words, opened, renamed, exported, deleted. What is typed is
 * searched for by the daemon, in titles, questions and answers. Confined to the UI thread.
 */
public final class Conversations extends JPanel {
  private static final long serialVersionUID = 1L;
  private static final int PAGE = 100;

  /** A search is asked for when nothing was typed for this long. */
  private static final int TYPING_MS = 120;

  /** What is done with the one that is selected. */
  public interface Actions {
    void open(ChatHead head);

    /** {@code changed} is to be run when there is something else to show. */
    void rename(ChatHead head, Runnable changed);

    void export(ChatHead head);

    void delete(ChatHead head, Runnable changed);
  }

  private final transient Backend backend;
  private final transient Executor ui;
  private final transient Words words;
  private final transient Actions actions;
  private final JTextField field = new JTextField();
  private final DefaultListModel<ChatHead> model = new DefaultListModel<>();
  private final JList<ChatHead> list = new JList<>(model);
  private final JLabel said = new JLabel();
  private final Timer timer = new Timer(TYPING_MS, event -> search());
  private int asked;

  public Conversations(Backend backend, Executor ui, Look look, Words words, Actions actions) {
    super(new BorderLayout(0, look.px(4)));
    this.backend = backend;
    this.ui = ui;
    this.words = words;
    this.actions = actions;
    setBorder(BorderFactory.createEmptyBorder(look.px(6), look.px(6), look.px(6), look.px(6)));
    field.getAccessibleContext().setAccessibleName(words.get("history.search"));
    field.setToolTipText(words.get("history.search"));
    list.getAccessibleContext().setAccessibleName(words.get("history"));
    list.setSelectionMode(ListSelectionModel.SINGLE_SELECTION);
    list.setCellRenderer(new Row(look, words));
    list.setVisibleRowCount(12);
    said.setForeground(look.muted());
    JPanel buttons = new JPanel(new Layouts.Flow(look.px(4)));
    buttons.setOpaque(false);
    buttons.add(Buttons.flat(look, words.get("open"), null, () -> with(actions::open)));
    buttons.add(Buttons.flat(look, words.get("rename"), null, () -> with(head -> actions.rename(head, this::search))));
    buttons.add(Buttons.flat(look, words.get("export"), null, () -> with(actions::export)));
    buttons.add(Buttons.flat(look, words.get("delete"), null, () -> with(head -> actions.delete(head, this::search))));
    JPanel below = new JPanel(new BorderLayout());
    below.setOpaque(false);
    below.add(said, BorderLayout.NORTH);
    below.add(buttons, BorderLayout.CENTER);
    add(field, BorderLayout.NORTH);
    add(new JScrollPane(list), BorderLayout.CENTER);
    add(below, BorderLayout.SOUTH);
    timer.setRepeats(false);
    listen();
    search();
  }

  /** Where one types. */
  public JComponent field() {
    return field;
  }

  /** Asks for what the field says now; an older answer that comes later is dropped. */
  void search() {
    timer.stop();
    int era = ++asked;
    String query = field.getText().strip();
    backend
        .list(new ChatListParams(PAGE, null, query.isEmpty() ? null : query))
        .whenCompleteAsync(
            (found, reason) -> {
              if (era != asked) return;
              if (reason != null) said.setText(Visible.text(RequestException.of(reason).getMessage()));
              else show(found.conversations(), query);
            },
            ui);
  }

  private void show(List<ChatHead> heads, String query) {
    ChatHead before = list.getSelectedValue();
    model.clear();
    heads.forEach(model::addElement);
    for (int i = 0; before != null && i < heads.size(); ++i)
      if (heads.get(i).id().equals(before.id())) list.setSelectedIndex(i);
    if (list.isSelectionEmpty() && !heads.isEmpty()) list.setSelectedIndex(0);
    said.setText(!heads.isEmpty() ? "" : words.get(query.isEmpty() ? "history.none" : "history.unmatched"));
  }

  private void with(Consumer<ChatHead> action) {
    ChatHead head = list.getSelectedValue();
    if (head != null) action.accept(head);
  }

  private void move(int by) {
    int at = Math.max(0, Math.min(model.size() - 1, list.getSelectedIndex() + by));
    list.setSelectedIndex(at);
    list.ensureIndexIsVisible(at);
  }

  private void listen() {
    said.putClientProperty("html.disable", Boolean.TRUE);
    field.getDocument().addDocumentListener(new DocumentListener() {
      @Override
      public void insertUpdate(DocumentEvent event) {
        timer.restart();
      }

      @Override
      public void removeUpdate(DocumentEvent event) {
        timer.restart();
      }

      @Override
      public void changedUpdate(DocumentEvent event) {}
    });
    key(field, KeyEvent.VK_DOWN, () -> move(1));
    key(field, KeyEvent.VK_UP, () -> move(-1));
    for (JComponent component : List.of(field, list)) {
      key(component, KeyEvent.VK_ENTER, () -> with(actions::open));
      key(component, KeyEvent.VK_F2, () -> with(head -> actions.rename(head, this::search)));
    }
    key(list, KeyEvent.VK_DELETE, () -> with(head -> actions.delete(head, this::search)));
    list.addMouseListener(new MouseAdapter() {
      @Override
      public void mouseClicked(MouseEvent event) {
        if (event.getClickCount() == 2) with(actions::open);
      }
    });
  }

  private static void key(JComponent component, int code, Runnable run) {
    String name = "dragoman-" + code;
    component.getInputMap().put(KeyStroke.getKeyStroke(code, 0), name);
    component.getActionMap().put(name, new AbstractAction() {
      private static final long serialVersionUID = 1L;

      @Override
      public void actionPerformed(ActionEvent event) {
        run.run();
      }
    });
  }

  /** A title, with when and by which model below it. */
  private static final class Row extends JPanel implements ListCellRenderer<ChatHead> {
    private static final long serialVersionUID = 1L;
    private final transient Look look;
    private final transient Words words;
    private final JLabel title = new JLabel();
    private final JLabel facts = new JLabel();

    Row(Look look, Words words) {
      super(new BorderLayout());
      this.look = look;
      this.words = words;
      setBorder(BorderFactory.createEmptyBorder(look.px(3), look.px(6), look.px(3), look.px(6)));
      for (JLabel label : List.of(title, facts)) label.putClientProperty("html.disable", Boolean.TRUE);
      title.setFont(look.text());
      facts.setFont(look.text().deriveFont(look.text().getSize2D() - look.px(1)));
      add(title, BorderLayout.CENTER);
      add(facts, BorderLayout.SOUTH);
    }

    @Override
    public Component getListCellRendererComponent(
        JList<? extends ChatHead> list, ChatHead head, int index, boolean selected, boolean focused) {
      setBackground(selected ? list.getSelectionBackground() : list.getBackground());
      title.setForeground(selected ? list.getSelectionForeground() : list.getForeground());
      facts.setForeground(selected ? list.getSelectionForeground() : look.muted());
      title.setText(Visible.text(head.title() == null || head.title().isBlank() ? "\u2026" : head.title()));
      facts.setText(Visible.text(when(head.updated()) + (head.model() == null ? "" : " \u00b7 " + head.model())));
      getAccessibleContext().setAccessibleName(title.getText() + ", " + facts.getText());
      return this;
    }

    private String when(String time) {
      try {
        return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT)
            .withLocale(words.locale())
            .withZone(ZoneId.systemDefault())
            .format(Instant.parse(time));
      } catch (DateTimeException | NullPointerException notOne) {
        return "";
      }
    }
  }
}
