package com.intellij.ide.passwordSafe;

public abstract class PasswordSafe implements com.intellij.credentialStore.CredentialStore {
  public static PasswordSafe getInstance() { throw new AssertionError(); }
}
