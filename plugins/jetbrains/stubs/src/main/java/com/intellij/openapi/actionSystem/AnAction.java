package com.intellij.openapi.actionSystem;

public abstract class AnAction implements com.intellij.openapi.project.PossiblyDumbAware {
  public AnAction() {}
  public AnAction(String text) {}
  public AnAction(String text, String description, javax.swing.Icon icon) {}
  public abstract void actionPerformed(AnActionEvent event);
  public void update(AnActionEvent event) { throw new AssertionError(); }
  public final ShortcutSet getShortcutSet() { throw new AssertionError(); }
  public final void registerCustomShortcutSet(ShortcutSet shortcuts, javax.swing.JComponent component, com.intellij.openapi.Disposable parent) { throw new AssertionError(); }
  public ActionUpdateThread getActionUpdateThread() { throw new AssertionError(); }
}
