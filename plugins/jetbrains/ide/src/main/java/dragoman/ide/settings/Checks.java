package dragoman.ide.settings;

import dragoman.ide.settings.Settings.Gateway;
import dragoman.ide.settings.Settings.Values;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What is wrong with settings before they are kept, as a key of the bundle and what it is about. Pure. */
final class Checks {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern MODEL = Pattern.compile("[^/\\s]+/\\S+");

  /** The sentence {@code key} of the bundle, with {@code about} in it. */
  record Problem(String key, String about) {}

  private Checks() {}

  /** The first problem. */
  static Optional<Problem> of(Values values) {
    for (Map.Entry<String, Gateway> entry : values.gateways.entrySet()) {
      Gateway gateway = entry.getValue();
      if (!NAME.matcher(entry.getKey()).matches()) return problem("settings.bad.name", entry.getKey());
      if (!gateway.baseUrl.isBlank() && !isAddress(gateway.baseUrl.strip()))
        return problem("settings.bad.address", gateway.baseUrl);
      if (gateway.preset.isBlank() && gateway.baseUrl.isBlank())
        return problem("settings.bad.nothing", entry.getKey());
    }
    for (String model : values.models.values())
      if (!model.isBlank() && !MODEL.matcher(model.strip()).matches()) return problem("settings.bad.model", model);
    return Optional.empty();
  }

  /** A key is one word. */
  static boolean isKey(String key) {
    return !key.isEmpty() && key.chars().noneMatch(c -> c <= ' ' || c == 0x7f);
  }

  private static boolean isAddress(String text) {
    try {
      URI uri = new URI(text);
      boolean web = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
      return web && uri.getHost() != null && uri.getUserInfo() == null;
    } catch (URISyntaxException notOne) {
      return false;
    }
  }

  private static Optional<Problem> problem(String key, String about) {
    return Optional.of(new Problem(key, about));
  }
}
