package com.intellij.icons;

public class AllIcons {
  public static class General {
    public static final javax.swing.Icon Add = null;
  }

  public static class ToolbarDecorator {
    public static final javax.swing.Icon Export = null;
  }

  public static class Vcs {
    public static final javax.swing.Icon History = null;
  }
}
