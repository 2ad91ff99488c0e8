package dragoman.client;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the dragoman program is. This file alone knows the places, what its version has to be and how platforms are
 * named. It waits for the program's {@code --version}: never called on a UI thread, nor on a connection's.
 */
final class DaemonFinder {
  /** The editor protocol that this plugin speaks: what the daemon prints after its version. */
  static final int PROTOCOL = 1;

  private static final Pattern VERSION =
      Pattern.compile("^dragoman (\\S+)(?: \\(editor protocol (\\d{1,6})\\))?", Pattern.MULTILINE);

  /** Of what a program says, this much is read. */
  private static final int WORDS = 65_536;

  record Found(Path path, String version) {}

  private DaemonFinder() {}

  /**
   * The daemon to run: the setting's if it is set (then no other), else the bundled one, else the first on PATH.
   *
   * @param setting a path or a name on PATH; null or empty where it is not set
   * @param bundle the plugin's folder, which may hold {@code bin/<platform>/dragoman}; may be null
   * @param environment where PATH is looked up, and what the program is run with
   * @param patienceMs a program that does not say its version in this time is not one of ours
   * @throws DaemonProblem where there is none that runs and speaks our protocol
   */
  static Found find(String setting, Path bundle, Map<String, String> environment, long patienceMs)
      throws InterruptedException {
    String wanted = setting == null ? "" : expandHome(setting.strip());
    if (!wanted.isEmpty()) {
      Optional<Path> found = Optional.ofNullable(pathOf(wanted));
      if (found.isPresent() && !found.get().isAbsolute() && found.get().getNameCount() == 1)
        found = onPath(wanted, environment);
      Path path = found.orElse(null);
      if (path == null || !path.isAbsolute() || !Files.isRegularFile(path))
        throw new DaemonProblem(DaemonProblem.Reason.NOT_FOUND, wanted, "");
      return checked(path, environment, patienceMs);
    }
    if (bundle != null) {
      Path bundled = bundle.resolve("bin").resolve(platform()).resolve(binaryName());
      if (Files.isRegularFile(bundled)) {
        // An editor may have unpacked it without its mode. Where it may not be given back, running it says why.
        if (!Files.isExecutable(bundled)) bundled.toFile().setExecutable(true);
        return checked(bundled, environment, patienceMs);
      }
    }
    Path path = onPath(binaryName(), environment).orElse(null);
    if (path == null) throw new DaemonProblem(DaemonProblem.Reason.MISSING, "", "");
    return checked(path, environment, patienceMs);
  }

  /** The folder of {@code bin/} for this machine, named as in the other plugins: {@code linux-x64}, {@code darwin-arm64}. */
  static String platform() {
    String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String system = name.startsWith("windows") ? "win32" : name.startsWith("mac") ? "darwin" : "linux";
    String arch = System.getProperty("os.arch");
    return system + "-" + switch (arch) {
      case "amd64", "x86_64" -> "x64";
      case "aarch64" -> "arm64";
      case "arm" -> "armhf";
      default -> arch;
    };
  }

  private static String binaryName() {
    return File.separatorChar == '\\' ? "dragoman.exe" : "dragoman";
  }

  private static Found checked(Path path, Map<String, String> environment, long patienceMs)
      throws InterruptedException {
    String said = versionOf(path, environment, patienceMs);
    Matcher match = VERSION.matcher(said);
    if (!match.find())
      throw broken(path, "--version: " + firstLine(said));
    int protocol = match.group(2) == null ? 0 : Integer.parseInt(match.group(2));
    if (protocol < PROTOCOL) throw new DaemonProblem(DaemonProblem.Reason.OLD, path.toString(), match.group(1));
    if (protocol > PROTOCOL) throw new DaemonProblem(DaemonProblem.Reason.NEW, path.toString(), match.group(1));
    return new Found(path, match.group(1));
  }

  private static String versionOf(Path path, Map<String, String> environment, long patienceMs)
      throws InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(List.of(path.toString(), "--version")).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = null;
    try {
      process = builder.start();
      process.getOutputStream().close();
      Process running = process;
      CompletableFuture<Void> killed =
          CompletableFuture.runAsync(
              () -> kill(running), CompletableFuture.delayedExecutor(patienceMs, TimeUnit.MILLISECONDS));
      // Ends with the program, with its death, or with more words than any version has.
      String said = new String(process.getInputStream().readNBytes(WORDS), StandardCharsets.UTF_8);
      boolean ended = process.waitFor(patienceMs, TimeUnit.MILLISECONDS);
      if (!ended || killed.isDone())
        throw broken(path, "no answer to --version in " + patienceMs + " ms");
      killed.cancel(false);
      if (process.exitValue() == 0) return said;
      String why = firstLine(said);
      throw broken(path, why.isEmpty() ? "it ended with code " + process.exitValue() : why);
    } catch (IOException error) {
      throw broken(path, String.valueOf(error.getMessage()));
    } finally {
      if (process != null) kill(process);
    }
  }

  /** With its children: one that lives on would hold the pipe that is read. */
  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static DaemonProblem broken(Path path, String why) {
    return new DaemonProblem(DaemonProblem.Reason.BROKEN, path.toString(), why);
  }

  private static Optional<Path> onPath(String name, Map<String, String> environment) {
    for (String folder : searchPath(environment).split(Pattern.quote(File.pathSeparator))) {
      Path path = pathOf(folder);
      // A relative entry would make the working folder a place to run programs from.
      if (path == null || !path.isAbsolute()) continue;
      Path program = path.resolve(name);
      if (Files.isRegularFile(program) && Files.isExecutable(program)) return Optional.of(program);
    }
    return Optional.empty();
  }

  /** Windows writes the name as it likes. */
  private static String searchPath(Map<String, String> environment) {
    return environment.entrySet().stream()
        .filter(entry -> entry.getKey().equalsIgnoreCase("PATH"))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("");
  }

  private static Path pathOf(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException ignored) {
      return null;
    }
  }

  private static String expandHome(String path) {
    return path.equals("~") || path.startsWith("~/") ? System.getProperty("user.home") + path.substring(1) : path;
  }

  private static String firstLine(String text) {
    return text.strip().lines().findFirst().orElse("");
  }
}
