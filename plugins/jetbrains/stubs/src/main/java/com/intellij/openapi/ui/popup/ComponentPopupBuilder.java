package com.intellij.openapi.ui.popup;

public interface ComponentPopupBuilder {
  ComponentPopupBuilder setTitle(String title);
  ComponentPopupBuilder setRequestFocus(boolean requestFocus);
  ComponentPopupBuilder setResizable(boolean resizable);
  ComponentPopupBuilder setMovable(boolean movable);
  ComponentPopupBuilder setMinSize(java.awt.Dimension size);
  JBPopup createPopup();
}
