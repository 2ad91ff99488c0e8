package com.intellij.credentialStore;

public interface CredentialStore {
  Credentials get(CredentialAttributes attributes);
  void set(CredentialAttributes attributes, Credentials credentials);
}
