package dragoman.chat.view;

import dragoman.chat.Attachment;
import dragoman.chat.Chat;
import dragoman.chat.FakeBackend;
import dragoman.chat.Words;
import java.awt.Component;
import java.awt.Container;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import javax.swing.AbstractButton;
import javax.swing.JComponent;

/** A chat view of some size without a screen. To be used on the event thread. */
final class Stage {
  final FakeBackend daemon = new FakeBackend();
  final List<String> done = new ArrayList<>();
  final Chat chat;
  final ChatView view;
  private int width = 460;
  private int height = 700;

  Stage(Look look) {
    Words words = Words.of(Locale.ENGLISH);
    chat = new Chat(new Chat.Surroundings(daemon, daemon.ui, words, () -> null, Attachment::lastPart));
    view = new ChatView(chat, look, new SimpleHighlighter(look), words, new RecordingDesk());
    settle();
  }

  Stage size(int wide, int high) {
    width = wide;
    height = high;
    settle();
    return this;
  }

  /** A question with its whole answer. */
  void talk(String prompt, String answer) {
    int request = daemon.sent.size();
    chat.send(prompt);
    daemon.begin(request, "c1", "t" + request);
    daemon.text(request, answer);
    daemon.end(request, "c1", "t" + request, "stop");
    settle();
  }

  /** Runs what waits for the UI thread, draws what waits for a frame, lays out. */
  void settle() {
    daemon.runUi();
    view.flush();
    view.setSize(width, height);
    for (int pass = 0; pass < 3; ++pass) layOut(view);
  }

  private static void layOut(Component component) {
    if (component instanceof JComponent swing) swing.invalidate();
    component.doLayout();
    if (component instanceof Container container) for (Component child : container.getComponents()) layOut(child);
  }

  BufferedImage paint() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    view.printAll(graphics);
    graphics.dispose();
    return image;
  }

  <T> List<T> all(Class<T> type) {
    return all(type, found -> true);
  }

  /** Components that are seen, in the order of the window. */
  <T> List<T> all(Class<T> type, Predicate<T> which) {
    List<T> out = new ArrayList<>();
    collect(view, type, which, out);
    return out;
  }

  void press(String label) {
    List<AbstractButton> found = all(AbstractButton.class, button -> button.getText().equals(label));
    found.get(found.size() - 1).doClick(0);
    settle();
  }

  private static <T> void collect(Component from, Class<T> type, Predicate<T> which, List<T> out) {
    if (!from.isVisible()) return;
    if (type.isInstance(from) && which.test(type.cast(from))) out.add(type.cast(from));
    if (from instanceof Container container)
      for (Component child : container.getComponents()) collect(child, type, which, out);
  }

  private final class RecordingDesk implements Desk {
    @Override
    public void copy(String code) {
      done.add("copy " + code);
    }

    @Override
    public void insert(String code) {
      done.add("insert " + code);
    }

    @Override
    public void apply(String code) {
      done.add("apply " + code);
    }

    @Override
    public void openLink(String url) {
      done.add("link " + url);
    }

    @Override
    public void attach() {
      done.add("attach");
    }

    @Override
    public void chooseModel() {
      done.add("model");
    }

    @Override
    public void report(Throwable reason) {
      done.add("report " + reason.getMessage());
    }
  }
}
