package dragoman.ide.settings;

import com.intellij.credentialStore.CredentialAttributes;
import com.intellij.credentialStore.CredentialAttributesKt;
import com.intellij.credentialStore.Credentials;
import com.intellij.ide.passwordSafe.PasswordSafe;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * API keys, in the IDE's PasswordSafe and nowhere else: in no setting, no message and no log. Each call may wait for the
 * system's keychain, and so none is made on the UI thread.
 */
public final class Keys {
  private Keys() {}

  /** The key of {@code provider}, or null. */
  public static String of(String provider) {
    Credentials found = PasswordSafe.getInstance().get(attributes(provider));
    String key = found == null ? null : found.getPasswordAsString();
    return key == null || key.isBlank() ? null : key;
  }

  /** Keeps {@code key}; null forgets it. */
  public static void set(String provider, String key) {
    PasswordSafe.getInstance().set(attributes(provider), key == null ? null : new Credentials(provider, key));
  }

  /**
   * Brings what is kept from the gateways {@code before} to those of {@code now}, one change at a time: a key that moves is
   * read first.
   *
   * @return what is kept now under the names where that changed, null: nothing
   */
  static synchronized Map<String, String> change(Set<String> before, Map<String, KeyChanges.Source> now) {
    Map<String, String> changed = KeyChanges.of(before, now, Keys::of);
    changed.forEach(Keys::set);
    return changed;
  }

  /** The keys of all gateways whose settings say that theirs is kept here. */
  public static Map<String, String> all() {
    Map<String, String> keys = new LinkedHashMap<>();
    Settings.get()
        .getState()
        .gateways
        .forEach((name, gateway) -> {
          String key = gateway.hasKey ? of(name) : null;
          if (key != null) keys.put(name, key);
        });
    return keys;
  }

  private static CredentialAttributes attributes(String provider) {
    return new CredentialAttributes(CredentialAttributesKt.generateServiceName("dragoman", provider));
  }
}
