package com.intellij.openapi.actionSystem.impl;

import javax.swing.JComponent;

public class MacGestureAdapter {
  public MacGestureAdapter(Object dispatcher, Object frame) {}

  public void remove(JComponent component) {}
}
