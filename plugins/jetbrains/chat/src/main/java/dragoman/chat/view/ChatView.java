package dragoman.chat.view;

import dragoman.chat.Chat;
import dragoman.chat.Transcript;
import dragoman.chat.Turn;
import dragoman.chat.Words;
import java.awt.BorderLayout;
import java.awt.Dimension;
import java.awt.Image;
import java.awt.Rectangle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.swing.BorderFactory;
import javax.swing.JButton;
import javax.swing.JComponent;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.JScrollPane;
import javax.swing.Scrollable;
import javax.swing.SwingUtilities;

/**
 * A chat on the screen: the conversation above, the next question below. Plain Swing, so that it is the same in every IDE
 * and is painted in tests without one. Confined to the UI thread.
 */
public final class ChatView extends JPanel {
  private static final long serialVersionUID = 1L;

  private final transient Chat chat;
  private final transient Look look;
  private final transient Highlighter highlighter;
  private final transient Words words;
  private final transient Desk desk;
  private final transient List<TurnView> turns = new ArrayList<>();
  private Page page;
  private JScrollPane scroll;
  private Composer composer;
  private JLabel said;
  private transient Follower follower;

  public ChatView(Chat chat, Look look, Highlighter highlighter, Words words, Desk desk) {
    super(new BorderLayout());
    this.chat = chat;
    this.look = look;
    this.highlighter = highlighter;
    this.words = words;
    this.desk = desk;
    build();
    chat.transcript().addListener(new TranscriptListener());
    chat.addListener(new ChatListener());
  }

  /** The theme or the fonts are others: all is built anew. What was written and not sent stays. */
  public void restyle() {
    String draft = composer.draft();
    disposeTurns();
    removeAll();
    build();
    composer.draft(draft);
    revalidate();
    repaint();
  }

  /** The platform tells every component of a new theme by this. */
  @Override
  public void updateUI() {
    super.updateUI();
    if (composer != null) SwingUtilities.invokeLater(this::restyle);
  }

  /** Where the next question is written. */
  public JComponent field() {
    return composer.field();
  }

  /** Shows at once what else the next frames would. */
  public void flush() {
    turns.forEach(TurnView::flush);
  }

  public void dispose() {
    disposeTurns();
  }

  JScrollPane scroll() {
    return scroll;
  }

  Follower follower() {
    return follower;
  }

  private void build() {
    setBackground(look.background());
    page = new Page(look);
    scroll = new JScrollPane(page, JScrollPane.VERTICAL_SCROLLBAR_AS_NEEDED, JScrollPane.HORIZONTAL_SCROLLBAR_NEVER);
    scroll.setBorder(null);
    scroll.getViewport().setBackground(look.background());
    scroll.getVerticalScrollBar().setUnitIncrement(look.px(16));
    page.getAccessibleContext().setAccessibleName(words.get("transcript"));
    JButton toEnd = Buttons.flat(look, "\u2193 " + words.get("toEnd"), null, () -> follower.follow());
    said = new JLabel();
    said.setForeground(look.muted());
    said.setFont(look.text().deriveFont(look.text().getSize2D() - look.px(1)));
    said.setBorder(BorderFactory.createEmptyBorder(0, look.px(12), 0, 0));
    JPanel between = new JPanel(new BorderLayout());
    between.setOpaque(false);
    between.add(said, BorderLayout.CENTER);
    between.add(toEnd, BorderLayout.EAST);
    Incoming.Sink incoming = new Taking();
    composer = new Composer(look, words, desk, new ComposerActions(), incoming);
    setTransferHandler(new Incoming(incoming, null));
    JPanel below = new JPanel(new BorderLayout());
    below.setOpaque(false);
    below.add(between, BorderLayout.NORTH);
    below.add(composer, BorderLayout.CENTER);
    add(scroll, BorderLayout.CENTER);
    add(below, BorderLayout.SOUTH);
    follower = new Follower(scroll, toEnd);
    showAll();
    composer.model(chat.model());
    composer.attachments(chat.attachments());
    composer.notice(chat.notice());
  }

  private void showAll() {
    disposeTurns();
    page.removeAll();
    for (int i = 0; i < chat.transcript().size(); ++i) addTurn(i);
    showEmpty();
    composer.streaming(chat.transcript().streaming());
    follower.follow();
    changed();
  }

  private void addTurn(int index) {
    Turn turn = chat.transcript().turn(index);
    TurnView view = new TurnView(turn, look, highlighter, words, desk, new TurnActions(index), this::changed);
    turns.add(view);
    page.add(view);
  }

  private void showEmpty() {
    if (!turns.isEmpty()) return;
    RichText hint = new RichText(look, words.get("transcript"), desk::openLink);
    hint.plain(words.get("empty"), look.muted());
    page.add(hint);
  }

  private void changed() {
    page.revalidate();
    page.repaint();
  }

  private void disposeTurns() {
    turns.forEach(TurnView::dispose);
    turns.clear();
  }

  /** What a screen reader tells of an answer that nobody looks at. */
  private void say(String key) {
    said.setText(key.isEmpty() ? "" : words.get(key));
  }

  private final class TranscriptListener implements Transcript.Listener {
    @Override
    public void shown() {
      say("");
      showAll();
    }

    @Override
    public void began(int index) {
      while (turns.size() > index) {
        TurnView gone = turns.remove(turns.size() - 1);
        gone.dispose();
        page.remove(gone);
      }
      if (turns.isEmpty()) page.removeAll();
      addTurn(index);
      composer.streaming(true);
      follower.follow();
      say("answering");
      changed();
    }

    @Override
    public void grew(int index, String reasoning, String text) {
      turns.get(index).grow(reasoning, text);
    }

    @Override
    public void headChanged(int index) {
      Turn.Head head = chat.transcript().turn(index).head();
      turns.get(index).update(head);
      composer.streaming(chat.transcript().streaming());
      if (head.streaming()) return;
      say(switch (head.state()) {
        case CANCELLED -> "cancelled";
        case FAILED -> "broken";
        default -> "complete";
      });
    }
  }

  private final class ChatListener implements Chat.Listener {
    @Override
    public void titleChanged() {}

    @Override
    public void modelChanged() {
      composer.model(chat.model());
    }

    @Override
    public void attachmentsChanged() {
      composer.attachments(chat.attachments());
    }

    @Override
    public void noticeChanged() {
      composer.notice(chat.notice());
    }

    @Override
    public void returned(String question) {
      composer.giveBack(question);
    }
  }

  /** Disks are read and pictures packed elsewhere; the chat brings what comes of it back here. */
  private final class Taking implements Incoming.Sink {
    @Override
    public void files(List<Path> paths) {
      chat.take(CompletableFuture.supplyAsync(() -> chat.intake().files(paths)));
    }

    @Override
    public void picture(Image picture) {
      chat.take(CompletableFuture.supplyAsync(() -> List.of(chat.intake().picture(picture))));
    }
  }

  private final class ComposerActions implements Composer.Actions {
    @Override
    public boolean send(String prompt) {
      return chat.send(prompt);
    }

    @Override
    public void stop() {
      chat.stop();
    }

    @Override
    public void detach(int index) {
      chat.detach(index);
      composer.focusBehind(index);
    }
  }

  private final class TurnActions implements TurnView.Actions {
    private final int index;

    TurnActions(int index) {
      this.index = index;
    }

    @Override
    public void retry(String prompt) {
      chat.retry(index, prompt);
    }

    @Override
    public void goOn() {
      chat.goOn(index);
    }

    @Override
    public void fork() {
      chat.fork(index).exceptionally(reason -> {
        desk.report(reason);
        return null;
      });
    }

    @Override
    public void copyAnswer() {
      desk.copy(chat.transcript().turn(index).text());
    }
  }

  /** The turns, as wide as the window. */
  private static final class Page extends JPanel implements Scrollable {
    private static final long serialVersionUID = 1L;
    private final int step;

    Page(Look look) {
      super(new Layouts.Stack(look.px(14)));
      step = look.px(16);
      setBackground(look.background());
      setBorder(BorderFactory.createEmptyBorder(look.px(10), look.px(12), look.px(10), look.px(12)));
    }

    @Override
    public Dimension getPreferredScrollableViewportSize() {
      return getPreferredSize();
    }

    @Override
    public int getScrollableUnitIncrement(Rectangle visible, int orientation, int direction) {
      return step;
    }

    @Override
    public int getScrollableBlockIncrement(Rectangle visible, int orientation, int direction) {
      return Math.max(step, visible.height - 2 * step);
    }

    @Override
    public boolean getScrollableTracksViewportWidth() {
      return true;
    }

    @Override
    public boolean getScrollableTracksViewportHeight() {
      return false;
    }
  }
}
