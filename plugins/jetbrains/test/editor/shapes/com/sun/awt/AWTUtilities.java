package com.sun.awt;

import java.awt.Window;

public class AWTUtilities {
  public static void setWindowOpaque(Window window, boolean opaque) {}
}
