package com.intellij.openapi.ui;

public abstract class DialogWrapper {
  public static final int CANCEL_EXIT_CODE = 1;
  protected DialogWrapper(com.intellij.openapi.project.Project project) {}
  protected void init() { throw new AssertionError(); }
  protected abstract javax.swing.JComponent createCenterPanel();
  protected javax.swing.JComponent createSouthPanel() { throw new AssertionError(); }
  protected void dispose() { throw new AssertionError(); }
  public final void close(int exitCode) { throw new AssertionError(); }
  protected void doOKAction() { throw new AssertionError(); }
  public void doCancelAction() { throw new AssertionError(); }
  public void show() { throw new AssertionError(); }
  public void setTitle(String title) { throw new AssertionError(); }
  public void setModal(boolean modal) { throw new AssertionError(); }
  protected final void setOKButtonText(String text) { throw new AssertionError(); }
  protected final void setCancelButtonText(String text) { throw new AssertionError(); }
  protected String getDimensionServiceKey() { throw new AssertionError(); }
  public javax.swing.JComponent getPreferredFocusedComponent() { throw new AssertionError(); }
  public javax.swing.JRootPane getRootPane() { throw new AssertionError(); }
  public com.intellij.openapi.Disposable getDisposable() { throw new AssertionError(); }
}
