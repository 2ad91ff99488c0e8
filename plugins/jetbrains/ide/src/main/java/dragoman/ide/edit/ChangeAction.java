package dragoman.ide.edit;

import com.intellij.openapi.Disposable;
import com.intellij.openapi.actionSystem.ActionManager;
import com.intellij.openapi.actionSystem.ActionUpdateThread;
import com.intellij.openapi.actionSystem.AnAction;
import com.intellij.openapi.actionSystem.AnActionEvent;
import com.intellij.openapi.actionSystem.CommonDataKeys;
import com.intellij.openapi.actionSystem.KeyboardShortcut;
import com.intellij.openapi.actionSystem.Shortcut;
import com.intellij.openapi.actionSystem.ShortcutSet;
import com.intellij.openapi.editor.Editor;
import com.intellij.openapi.project.DumbAware;
import javax.swing.JComponent;

/**
 * What keys do to the change of a proposal that is looked at. Each is there twice: in the keymap, for a person to choose its
 * keys, and under those keys in each proposal's window, see {@link #addKeys}.
 */
public abstract class ChangeAction extends AnAction implements DumbAware {
  /** Null: the one with the editor that has the focus. */
  private final Proposals.Window window;

  private ChangeAction(Proposals.Window window) {
    this.window = window;
  }

  /**
   * Gives the window around {@code root} the keys that the keymap has for these actions, wherever in it the focus is.
   *
   * <p>The keymap alone does not do. Of its actions on one key an editor's own come first, Ctrl+Backspace's among them; those
   * of a component come before both. And Ctrl+Enter in a dialog the platform leaves to Swing
   * (IdeKeyEventDispatcher.isControlEnterOnDialog), to which they are told, therefore, too; it sees none that was used before.
   *
   * @param root of the window, or null where there is none, without a screen
   * @param life of the window
   */
  static void addKeys(Proposals.Window window, JComponent root, Disposable life) {
    if (root == null) return;
    new Accept(window).addKeysOf("dragoman.AcceptChange", root, life);
    new Discard(window).addKeysOf("dragoman.DiscardChange", root, life);
  }

  void addKeysOf(String id, JComponent root, Disposable life) {
    ShortcutSet keys = ActionManager.getInstance().getAction(id).getShortcutSet();
    registerCustomShortcutSet(keys, root, life);
    for (Shortcut shortcut : keys.getShortcuts())
      if (shortcut instanceof KeyboardShortcut key && key.getSecondKeyStroke() == null)
        root.registerKeyboardAction(
            event -> act(window.actions()), key.getFirstKeyStroke(), JComponent.WHEN_IN_FOCUSED_WINDOW);
  }

  abstract void act(HunkBar.Actions actions);

  @Override
  public ActionUpdateThread getActionUpdateThread() {
    return ActionUpdateThread.EDT;
  }

  @Override
  public void update(AnActionEvent event) {
    Proposals.Window of = window(event);
    event.getPresentation().setEnabledAndVisible(of != null && !of.proposal().open().isEmpty());
  }

  @Override
  public void actionPerformed(AnActionEvent event) {
    Proposals.Window of = window(event);
    if (of != null) act(of.actions());
  }

  private Proposals.Window window(AnActionEvent event) {
    if (window != null) return window;
    Editor editor = event.getData(CommonDataKeys.EDITOR);
    return event.getProject() == null || editor == null ? null : Proposals.of(event.getProject()).of(editor);
  }

  public static final class Accept extends ChangeAction {
    public Accept() {
      this(null);
    }

    private Accept(Proposals.Window window) {
      super(window);
    }

    @Override
    void act(HunkBar.Actions actions) {
      actions.accept();
    }
  }

  public static final class Discard extends ChangeAction {
    public Discard() {
      this(null);
    }

    private Discard(Proposals.Window window) {
      super(window);
    }

    @Override
    void act(HunkBar.Actions actions) {
      actions.discard();
    }
  }
}
