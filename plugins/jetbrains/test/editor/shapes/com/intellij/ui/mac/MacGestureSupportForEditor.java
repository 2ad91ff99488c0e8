package com.intellij.ui.mac;

import javax.swing.JComponent;

public class MacGestureSupportForEditor {
  public MacGestureSupportForEditor(JComponent component) {}
}
