package dragoman.ide.edit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.intellij.openapi.Disposable;
import com.intellij.openapi.actionSystem.AnAction;
import com.intellij.openapi.actionSystem.KeyboardShortcut;
import com.intellij.openapi.editor.Editor;
import com.intellij.openapi.keymap.impl.Dispatched;
import com.intellij.openapi.keymap.impl.IdeKeyEventDispatcher;
import com.intellij.openapi.util.Disposer;
import dragoman.ide.testing.Actions;
import dragoman.ide.testing.OnUi;
import dragoman.ide.testing.Room;
import java.awt.event.InputEvent;
import java.awt.event.KeyEvent;
import java.util.ArrayList;
import java.util.List;
import javax.swing.JButton;
import javax.swing.JComponent;
import javax.swing.JInternalFrame;
import javax.swing.JPanel;
import javax.swing.JRootPane;
import javax.swing.KeyStroke;
import javax.swing.SwingUtilities;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The keys of a proposal's window, as the platform's dispatcher of keys and as Swing see them. */
@ExtendWith(OnUi.class)
class ChangeKeysTest {
  private static final int CTRL = InputEvent.CTRL_DOWN_MASK;

  private final Disposable life = Disposer.newDisposable();
  private final List<String> done = new ArrayList<>();
  private final JButton button = new JButton("Accept");
  private Room room;
  private IdeKeyEventDispatcher dispatcher;

  @BeforeEach
  void open() {
    room = new Room("one|\n");
    Actions actions = Actions.install(life);
    actions.add("EditorDeleteToWordStart", "control BACK_SPACE", new Actions.Other());
    actions.add("dragoman.AcceptChange", "control ENTER", new ChangeAction.Accept());
    actions.add("dragoman.DiscardChange", "control BACK_SPACE", new ChangeAction.Discard());
    dispatcher = new IdeKeyEventDispatcher(null);
    Disposer.register(life, dispatcher);
    JInternalFrame window = new OffScreen();
    JPanel content = new JPanel();
    content.add(room.editor().getComponent());
    content.add(button);
    window.setContentPane(content);
    ChangeAction.addKeys(new Shown(), window.getRootPane(), life);
  }

  @AfterEach
  void close() {
    Disposer.dispose(life);
    room.close();
  }

  /** Stands in for a window, which takes a screen; Swing gives keys to what is on one. */
  private static final class OffScreen extends JInternalFrame {
    private static final long serialVersionUID = 1L;

    @Override
    protected JRootPane createRootPane() {
      return new JRootPane() {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean isShowing() {
          return true;
        }
      };
    }
  }

  private final class Shown implements Proposals.Window, HunkBar.Actions {
    @Override
    public Proposal proposal() {
      return null;
    }

    @Override
    public boolean shows(Editor editor) {
      return false;
    }

    @Override
    public HunkBar.Actions actions() {
      return this;
    }

    @Override
    public void show() {}

    @Override
    public void go(int by) {}

    @Override
    public void accept() {
      done.add("accept");
    }

    @Override
    public void discard() {
      done.add("discard");
    }

    @Override
    public void acceptAll() {}

    @Override
    public void discardAll() {}
  }

  /** What the platform does with a key before Swing sees it: the first of these. */
  private List<AnAction> dispatched(JComponent focus, int key) {
    KeyboardShortcut pressed = new KeyboardShortcut(KeyStroke.getKeyStroke(key, CTRL), null);
    return Dispatched.by(dispatcher, focus, pressed);
  }

  /** What Swing does with a key that nobody has used. */
  private static boolean swing(JComponent focus, int key) {
    return SwingUtilities.processKeyBindings(
        new KeyEvent(focus, KeyEvent.KEY_PRESSED, System.currentTimeMillis(), CTRL, key, KeyEvent.CHAR_UNDEFINED));
  }

  @Test
  void controlBackspaceIsTheWindowsBeforeItIsTheEditors() {
    for (JComponent focus : List.of(room.editor().getContentComponent(), button)) {
      List<AnAction> actions = dispatched(focus, KeyEvent.VK_BACK_SPACE);
      assertTrue(actions.size() > 1, actions.toString());
      actions.get(0).actionPerformed(null);
      assertEquals(List.of("discard"), done);
      done.clear();
    }
  }

  @Test
  void controlEnterIsTheWindowsWhereThePlatformLeavesItAlone() {
    for (JComponent focus : List.of(room.editor().getContentComponent(), button)) {
      assertTrue(swing(focus, KeyEvent.VK_ENTER));
      assertEquals(List.of("accept"), done);
      done.clear();
    }
  }
}
