package dragoman.client;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * {@code dragoman doctor}: tests the gateways step by step, with the settings as they are in an editor and not yet in any
 * file. Keys go to the program's environment, and into no file.
 */
public final class Doctor {
  /** The daemon is not waited for any longer than this to say its version. */
  private static final long PATIENCE_MS = 10_000;

  private static final long LIMIT_MS = 120_000;

  private Doctor() {}

  /**
   * Runs it to its end: not for the UI thread. Where {@code settings} name no gateway, the user's configuration file is
   * tested.
   *
   * @param keys by gateway, of those whose key is {@code "editor"}
   * @param line hears what it says, line by line
   * @return whether all is well
   * @throws DaemonProblem where there is no program to run
   * @throws IOException where it cannot be run or takes too long
   */
  public static boolean run(Host.Launch launch, JsonObject settings, Map<String, String> keys, Consumer<String> line)
      throws IOException, InterruptedException {
    DaemonFinder.Found found =
        DaemonFinder.find(launch.program(), launch.bundle(), launch.environment(), PATIENCE_MS);
    Map<String, String> environment = new HashMap<>(launch.environment());
    JsonObject config = configuration(settings, keys, environment);
    Path file = config == null ? null : Files.createTempFile("dragoman", ".json");
    try {
      if (file != null) Files.writeString(file, config.toString());
      List<String> command =
          file == null
              ? List.of(found.path().toString(), "doctor")
              : List.of(found.path().toString(), "doctor", "--config", file.toString());
      return run(new ProcessBuilder(command), environment, line);
    } finally {
      if (file != null) Files.deleteIfExists(file);
    }
  }

  private static boolean run(ProcessBuilder builder, Map<String, String> environment, Consumer<String> line)
      throws IOException, InterruptedException {
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    // Whatever keeps its output open longer than allowed is ended, which ends the reading below.
    Thread guard = new Thread(() -> endAfter(process), "dragoman doctor");
    guard.setDaemon(true);
    guard.start();
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String said = in.readLine(); said != null; said = in.readLine()) line.accept(said);
      return process.waitFor() == 0;
    } finally {
      guard.interrupt();
      process.destroyForcibly();
    }
  }

  private static void endAfter(Process process) {
    try {
      if (!process.waitFor(LIMIT_MS, TimeUnit.MILLISECONDS)) process.destroyForcibly();
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  /** The settings as a file, their keys by names of variables that are added to {@code environment}; or null. */
  static JsonObject configuration(JsonObject settings, Map<String, String> keys, Map<String, String> environment) {
    if (!settings.has("providers")) return null;
    JsonObject config = settings.deepCopy();
    JsonObject providers = config.getAsJsonObject("providers");
    int count = 0;
    for (Map.Entry<String, JsonElement> provider : providers.entrySet()) {
      String key = keys.get(provider.getKey());
      if (key == null) continue;
      String variable = "DRAGOMAN_DOCTOR_KEY_" + ++count;
      environment.put(variable, key);
      JsonObject source = new JsonObject();
      source.addProperty("env", variable);
      provider.getValue().getAsJsonObject().add("key", source);
    }
    for (String role : List.of("completion", "chat", "edit"))
      if (config.has(role) && !providers.has(providerOf(config.getAsJsonObject(role)))) config.remove(role);
    return config;
  }

  private static String providerOf(JsonObject role) {
    String model = role.has("model") ? role.get("model").getAsString() : "";
    int slash = model.indexOf('/');
    return slash < 0 ? model : model.substring(0, slash);
  }
}
