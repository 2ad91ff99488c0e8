package dragoman.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One running daemon. It ends with its input; one that does not is killed, so that none is ever left behind. Its stderr
 * is read to the end, whatever it holds, for a full pipe would stop it.
 */
final class DaemonProcess {
  /** A line of stderr beyond this is told in pieces. */
  private static final int LINE_LIMIT = 8_192;

  private final Process process;

  private DaemonProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts {@code program} for this process.
   *
   * @param folder the working folder; not the project's: nothing there is to be run by accident
   * @param log gets the lines of stderr, on a thread of its own
   * @throws DaemonProblem where the system cannot run it
   */
  static DaemonProcess start(Path program, Map<String, String> environment, Path folder, Consumer<String> log) {
    // The plugin's settings count as the user's own: it sends none that a project could have set.
    List<String> command =
        List.of(
            program.toString(),
            "--stdio",
            "--trust-editor-settings",
            "--clientProcessId=" + ProcessHandle.current().pid());
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder == null ? null : folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      Thread reader = new Thread(() -> drain(process.getErrorStream(), log), "dragoman-stderr");
      reader.setDaemon(true);
      reader.start();
      return new DaemonProcess(process);
    } catch (IOException error) {
      throw new DaemonProblem(
          DaemonProblem.Reason.BROKEN, program.toString(), String.valueOf(error.getMessage()));
    }
  }

  InputStream output() {
    return process.getInputStream();
  }

  OutputStream input() {
    return process.getOutputStream();
  }

  long pid() {
    return process.pid();
  }

  /** Completes with the exit code when the process has ended. */
  CompletableFuture<Integer> onExit() {
    return process.onExit().thenApply(Process::exitValue);
  }

  /** Kills it unless it has ended by itself in {@code patienceMs}. Waits for nothing. */
  void killAfter(long patienceMs) {
    CompletableFuture.delayedExecutor(patienceMs, TimeUnit.MILLISECONDS).execute(process::destroyForcibly);
  }

  private static void drain(InputStream stream, Consumer<String> log) {
    StringBuilder line = new StringBuilder();
    try (Reader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (int next = reader.read(); next != -1; next = reader.read()) {
        if (next != '\n') line.append((char) next);
        if (next == '\n' || line.length() >= LINE_LIMIT) {
          log.accept(line.toString());
          line.setLength(0);
        }
      }
    } catch (IOException ignored) {
      // Its end, as the system tells it when the process was killed.
    }
    if (!line.isEmpty()) log.accept(line.toString());
  }
}
