package com.intellij.credentialStore;

public final class CredentialAttributesKt {
  public static String generateServiceName(String subsystem, String key) { throw new AssertionError(); }
}
