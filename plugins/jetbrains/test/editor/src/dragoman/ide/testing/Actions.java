package dragoman.ide.testing;

import com.intellij.openapi.Disposable;
import com.intellij.openapi.actionSystem.ActionGroup;
import com.intellij.openapi.actionSystem.ActionManager;
import com.intellij.openapi.actionSystem.ActionPopupMenu;
import com.intellij.openapi.actionSystem.ActionToolbar;
import com.intellij.openapi.actionSystem.AnAction;
import com.intellij.openapi.actionSystem.AnActionEvent;
import com.intellij.openapi.actionSystem.CustomShortcutSet;
import com.intellij.openapi.actionSystem.KeyboardShortcut;
import com.intellij.openapi.actionSystem.TimerListener;
import com.intellij.openapi.actionSystem.ex.AnActionListener;
import com.intellij.openapi.extensions.PluginId;
import com.intellij.openapi.keymap.Keymap;
import com.intellij.openapi.keymap.KeymapManager;
import com.intellij.openapi.keymap.KeymapManagerListener;
import com.intellij.openapi.util.ActionCallback;
import com.intellij.openapi.util.Disposer;
import dragoman.ide.Platform;
import java.awt.Component;
import java.awt.event.InputEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.swing.JComponent;

/** The IDE's list of actions and its keymap, with what a test puts there. On the UI thread. */
public final class Actions extends ActionManager {
  private final Map<String, AnAction> known = new LinkedHashMap<>();

  private Actions() {}

  /** Empty, until {@code life} is over. */
  public static Actions install(Disposable life) {
    Actions actions = new Actions();
    Ide.service(ActionManager.class, actions);
    Ide.service(KeymapManager.class, actions.new Keys());
    Disposer.register(life, () -> {
      Ide.noService(ActionManager.class);
      Ide.noService(KeymapManager.class);
    });
    return actions;
  }

  /** @param key as plugin.xml has it */
  public void add(String id, String key, AnAction action) {
    action.registerCustomShortcutSet(new CustomShortcutSet(KeyboardShortcut.fromString(key)), null);
    known.put(id, action);
  }

  /** One that is not the plugin's. */
  public static final class Other extends AnAction {
    @Override
    public void actionPerformed(AnActionEvent event) {
      throw new AssertionError("another action than the plugin's");
    }
  }

  private String[] ids(Object shortcut) {
    return known.keySet().stream()
        .filter(id -> List.of(known.get(id).getShortcutSet().getShortcuts()).contains(shortcut))
        .toArray(String[]::new);
  }

  private final class Keys extends KeymapManager {
    private final Keymap only =
        Platform.fake(Keymap.class, (method, arguments) -> method.equals("getActionIds") ? ids(arguments[0]) : null);

    @Override
    public Keymap getActiveKeymap() {
      return only;
    }

    @Override
    public Keymap getKeymap(String name) {
      return only;
    }

    @Override
    public void addKeymapManagerListener(KeymapManagerListener listener) {}

    @Override
    public void addKeymapManagerListener(KeymapManagerListener listener, Disposable life) {}

    @Override
    public void removeKeymapManagerListener(KeymapManagerListener listener) {}
  }

  @Override
  public AnAction getAction(String id) {
    return known.get(id);
  }

  @Override
  public AnAction getActionOrStub(String id) {
    return known.get(id);
  }

  @Override
  public ActionPopupMenu createActionPopupMenu(String place, ActionGroup group) {
    throw unasked();
  }

  @Override
  public ActionToolbar createActionToolbar(String place, ActionGroup group, boolean horizontal) {
    throw unasked();
  }

  @Override
  public JComponent createButtonToolbar(String place, ActionGroup group) {
    throw unasked();
  }

  @Override
  public String getId(AnAction action) {
    throw unasked();
  }

  @Override
  public void registerAction(String id, AnAction action) {
    throw unasked();
  }

  @Override
  public void registerAction(String id, AnAction action, PluginId plugin) {
    throw unasked();
  }

  @Override
  public void unregisterAction(String id) {
    throw unasked();
  }

  @Override
  public String[] getActionIds(String prefix) {
    throw unasked();
  }

  @Override
  public boolean isGroup(String id) {
    throw unasked();
  }

  @Override
  public void addTimerListener(int delay, TimerListener listener) {}

  @Override
  public void removeTimerListener(TimerListener listener) {}

  @Override
  public void addTransparentTimerListener(int delay, TimerListener listener) {}

  @Override
  public void removeTransparentTimerListener(TimerListener listener) {}

  @Override
  public ActionCallback tryToExecute(AnAction action, InputEvent event, Component context, String place, boolean now) {
    throw unasked();
  }

  @Override
  public void addAnActionListener(AnActionListener listener) {}

  @Override
  public void removeAnActionListener(AnActionListener listener) {}

  @Override
  public KeyboardShortcut getKeyboardShortcut(String id) {
    throw unasked();
  }

  private static UnsupportedOperationException unasked() {
    return new UnsupportedOperationException("no editor asks for this");
  }
}
