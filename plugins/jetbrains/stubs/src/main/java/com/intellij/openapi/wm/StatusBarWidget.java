package com.intellij.openapi.wm;

public interface StatusBarWidget extends com.intellij.openapi.Disposable {
  String ID();
  default WidgetPresentation getPresentation() { throw new AssertionError(); }
  void install(StatusBar statusBar);

  interface WidgetPresentation {
    default String getTooltipText() { throw new AssertionError(); }
    default com.intellij.util.Consumer<java.awt.event.MouseEvent> getClickConsumer() { throw new AssertionError(); }
  }

  interface TextPresentation extends WidgetPresentation {
    String getText();
    float getAlignment();
  }
}
