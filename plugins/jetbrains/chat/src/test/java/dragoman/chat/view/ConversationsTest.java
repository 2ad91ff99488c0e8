package dragoman.chat.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dragoman.chat.FakeBackend;
import dragoman.chat.Words;
import dragoman.client.Protocol.ChatHead;
import java.awt.Component;
import java.awt.Container;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.swing.AbstractButton;
import javax.swing.JComponent;
import javax.swing.JList;
import javax.swing.JTextField;
import javax.swing.KeyStroke;
import javax.swing.SwingUtilities;
import org.junit.jupiter.api.Test;

class ConversationsTest {
  private final FakeBackend daemon = new FakeBackend();
  private final List<String> done = new ArrayList<>();
  private Conversations list;

  private interface Scene {
    void play() throws Exception;
  }

  private void on(Scene scene) throws Exception {
    Throwable[] failed = new Throwable[1];
    SwingUtilities.invokeAndWait(() -> {
      try {
        daemon.heads = List.of(head("1", "<html><b>First"), head("2", "Second"));
        list =
            new Conversations(
                daemon, daemon.ui, new TestLook(false, 1), Words.of(Locale.ENGLISH), new Recording());
        daemon.runUi();
        scene.play();
      } catch (Throwable reason) {
        failed[0] = reason;
      }
    });
    if (failed[0] != null) throw new AssertionError(failed[0]);
  }

  private static ChatHead head(String id, String title) {
    return new ChatHead(id, title, "2026-01-31T08:00:00Z", "2026-01-31T08:00:00Z", 2, "g/m");
  }

  private static <T> T find(Component from, Class<T> type, String label) {
    if (type.isInstance(from) && (label == null || ((AbstractButton) from).getText().equals(label)))
      return type.cast(from);
    if (from instanceof Container container)
      for (Component child : container.getComponents()) {
        T found = find(child, type, label);
        if (found != null) return found;
      }
    return null;
  }

  private JList<?> rows() {
    return find(list, JList.class, null);
  }

  private void press(JComponent on, String key) {
    Object name = on.getInputMap().get(KeyStroke.getKeyStroke(key));
    on.getActionMap().get(name).actionPerformed(null);
  }

  @Test
  void theyAreWalkedAndOpenedFromWhereOneTypes() throws Exception {
    on(() -> {
      press(list.field(), "DOWN");
      press(list.field(), "ENTER");
      press(list.field(), "UP");
      press(list.field(), "ENTER");
      assertEquals(List.of("open 2", "open 1"), done);
    });
  }

  @Test
  void whatIsTypedIsTheDaemonsToFind() throws Exception {
    on(() -> {
      ((JTextField) list.field()).setText(" zebra ");
      list.search();
      daemon.runUi();
      assertEquals("zebra", daemon.searches.get(daemon.searches.size() - 1).query());
      assertNull(daemon.searches.get(0).query());
    });
  }

  @Test
  void theSelectionStaysWhenTheListIsReadAgain() throws Exception {
    on(() -> {
      rows().setSelectedIndex(1);
      daemon.heads = List.of(head("3", "New"), head("1", "First"), head("2", "Second"));
      list.search();
      daemon.runUi();
      assertEquals(2, rows().getSelectedIndex());
    });
  }

  @Test
  void deletingReadsTheListAgain() throws Exception {
    on(() -> {
      daemon.heads = List.of();
      find(list, AbstractButton.class, "Delete").doClick(0);
      daemon.runUi();
      assertEquals(List.of("delete 1"), done);
      assertEquals(0, rows().getModel().getSize());
    });
  }

  @Test
  void aTitleIsTextWhateverItSays() throws Exception {
    on(() -> {
      @SuppressWarnings("unchecked")
      JList<ChatHead> rows = (JList<ChatHead>) rows();
      Container row =
          (Container)
              rows.getCellRenderer().getListCellRendererComponent(rows, daemon.heads.get(0), 0, false, false);
      for (Component part : row.getComponents()) assertNull(((JComponent) part).getClientProperty("html"));
    });
  }

  private final class Recording implements Conversations.Actions {
    @Override
    public void open(ChatHead head) {
      done.add("open " + head.id());
    }

    @Override
    public void rename(ChatHead head, Runnable changed) {
      done.add("rename " + head.id());
      changed.run();
    }

    @Override
    public void export(ChatHead head) {
      done.add("export " + head.id());
    }

    @Override
    public void delete(ChatHead head, Runnable changed) {
      done.add("delete " + head.id());
      changed.run();
    }
  }
}
