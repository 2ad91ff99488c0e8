package com.intellij.credentialStore;

public final class Credentials {
  public Credentials(String user, String password) {}
  public String getPasswordAsString() { throw new AssertionError(); }
}
