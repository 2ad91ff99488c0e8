package dragoman.client.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Programs that tests run. */
public final class Programs {
  private Programs() {}

  /** The folder of the built daemon and scripted gateway; a test that wants it is skipped where DRAGOMAN_BIN is not set. */
  public static Path binaries() {
    String folder = System.getenv("DRAGOMAN_BIN");
    Assumptions.assumeTrue(folder != null && !folder.isEmpty(), "DRAGOMAN_BIN names no folder of binaries");
    return Path.of(folder).toAbsolutePath();
  }

  /** An executable shell script at {@code path}. */
  public static Path shell(Path path, String body) throws IOException {
    Files.createDirectories(path.getParent());
    Files.writeString(path, "#!/bin/sh\n" + body + "\n");
    if (!path.toFile().setExecutable(true)) throw new IOException("cannot make " + path + " executable");
    return path;
  }

  /** One that says that it is a dragoman, and does {@code body} when it is started as one. */
  public static Path daemon(Path path, String body) throws IOException {
    return shell(path, "[ \"$1\" = --version ] && { echo 'dragoman 1.2.3 (editor protocol 1)'; exit 0; }\n" + body);
  }

  public static boolean runs(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  public static void assertEnds(long pid) throws InterruptedException {
    TestHost.eventually("the end of process " + pid, () -> !runs(pid));
  }
}
