package dragoman.ide.settings;

import com.google.gson.JsonObject;
import com.intellij.openapi.application.ApplicationManager;
import com.intellij.openapi.components.PersistentStateComponent;
import com.intellij.openapi.components.State;
import com.intellij.openapi.components.Storage;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The settings of this IDE's user. They belong to the application, not to a project: none of them could have come with a
 * repository, which is what {@code --trust-editor-settings} vouches for. Keys are {@link Keys}' alone.
 */
@State(name = "Dragoman", storages = @Storage("dragoman.xml"))
public final class Settings implements PersistentStateComponent<Settings.Values> {
  /** As the platform writes it: public, with a constructor of no arguments. */
  public static final class Values {
    /** Where the daemon is; empty: bundled, or on PATH. */
    public String program = "";

    /** Whether suggestions appear while one types. */
    public boolean completionEnabled = true;

    /** The gateways, by the name before the slash of their models. */
    public Map<String, Gateway> gateways = new LinkedHashMap<>();

    /** {@code provider/model} by role: completion, chat, edit. A role that is absent is the daemon's to choose. */
    public Map<String, String> models = new LinkedHashMap<>();
  }

  /** One gateway. */
  public static final class Gateway {
    public String preset = "";

    /** Up to and with {@code /v1}; empty: the preset's. */
    public String baseUrl = "";

    /** Whether its key is one that {@link Keys} keeps. */
    public boolean hasKey;
  }

  private volatile Values values = new Values();

  public static Settings get() {
    return ApplicationManager.getApplication().getService(Settings.class);
  }

  @Override
  public Values getState() {
    return values;
  }

  @Override
  public void loadState(Values state) {
    values = state;
  }

  /** Whether a choice of {@code model} is these settings' to keep: they choose for the role already, or its gateway is theirs. */
  public boolean keepsModel(String role, String model) {
    return values.models.containsKey(role) || values.gateways.containsKey(model.split("/", 2)[0]);
  }

  /** As if it had been typed on the settings page. Values that others may be reading stay as they are. */
  public void setModel(String role, String model) {
    Values next = new Values();
    next.program = values.program;
    next.completionEnabled = values.completionEnabled;
    next.gateways = values.gateways;
    next.models = new LinkedHashMap<>(values.models);
    next.models.put(role, model);
    values = next;
  }

  /** What goes to the daemon, as docs/configuration.md has it. */
  public JsonObject overlay() {
    JsonObject overlay = new JsonObject();
    JsonObject providers = new JsonObject();
    values.gateways.forEach((name, gateway) -> providers.add(name, entry(gateway)));
    if (!providers.isEmpty()) overlay.add("providers", providers);
    values.models.forEach(
        (role, model) -> {
          if (model.isBlank()) return;
          JsonObject chosen = new JsonObject();
          chosen.addProperty("model", model.strip());
          overlay.add(role, chosen);
        });
    return overlay;
  }

  private static JsonObject entry(Gateway gateway) {
    JsonObject entry = new JsonObject();
    if (!gateway.preset.isBlank()) entry.addProperty("preset", gateway.preset.strip());
    if (!gateway.baseUrl.isBlank()) entry.addProperty("baseUrl", gateway.baseUrl.strip());
    if (gateway.hasKey) entry.addProperty("key", "editor");
    return entry;
  }
}
