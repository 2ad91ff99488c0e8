package com.intellij.ui.mac;

import com.intellij.openapi.util.ActionCallback;
import com.intellij.openapi.wm.impl.IdeFrameDecorator;
import com.intellij.openapi.wm.impl.IdeFrameImpl;

public class MacMainFrameDecorator extends IdeFrameDecorator {
  public static final String FULL_SCREEN = "";
  public static final boolean FULL_SCREEN_AVAILABLE = false;

  public MacMainFrameDecorator(IdeFrameImpl frame, boolean navBar) {
    super(frame);
  }

  @Override
  public boolean isInFullScreen() {
    return false;
  }

  @Override
  public ActionCallback toggleFullScreen(boolean state) {
    return ActionCallback.DONE;
  }

  public void toggleFullScreenNow() {}
}
