package dragoman.ide.testing;

import com.intellij.credentialStore.CredentialAttributes;
import com.intellij.credentialStore.Credentials;
import com.intellij.ide.passwordSafe.PasswordSafe;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.swing.SwingUtilities;
import org.jetbrains.concurrency.Promise;

/** The IDE's password safe, kept in memory. As slow as a system's keychain may be, and so refused on the UI thread. */
final class Safe extends PasswordSafe {
  private final Map<String, Credentials> kept = new ConcurrentHashMap<>();

  @Override
  public Credentials get(CredentialAttributes attributes) {
    if (SwingUtilities.isEventDispatchThread()) throw new AssertionError("the keychain is asked on the UI thread");
    return kept.get(attributes.getServiceName());
  }

  @Override
  public void set(CredentialAttributes attributes, Credentials credentials) {
    if (SwingUtilities.isEventDispatchThread()) throw new AssertionError("the keychain is written on the UI thread");
    if (credentials == null) kept.remove(attributes.getServiceName());
    else kept.put(attributes.getServiceName(), credentials);
  }

  @Override
  public void set(CredentialAttributes attributes, Credentials credentials, boolean memoryOnly) {
    set(attributes, credentials);
  }

  @Override
  public Promise<Credentials> getAsync(CredentialAttributes attributes) {
    throw new UnsupportedOperationException("nothing in the plugin asks for this");
  }

  @Override
  public boolean isRememberPasswordByDefault() {
    return true;
  }

  @Override
  public void setRememberPasswordByDefault(boolean remember) {}

  @Override
  public boolean isMemoryOnly() {
    return true;
  }

  @Override
  public boolean isPasswordStoredOnlyInMemory(CredentialAttributes attributes, Credentials credentials) {
    return true;
  }
}
