package com.sun.javafx.application;

public class PlatformImpl {
  public static void startup(Runnable run) {}
}
