package dragoman.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dragoman.client.DaemonProblem.Reason;
import dragoman.client.testing.Programs;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DaemonFinderTest {
  private static final String GOOD = "echo 'dragoman 1.2.3 (editor protocol 1)'";

  @TempDir Path folder;
  private Path bundle;
  private Path onPath;
  private Map<String, String> environment;

  @BeforeEach
  void lay() throws IOException {
    bundle = folder.resolve("plugin");
    onPath = Programs.shell(folder.resolve("path/dragoman"), GOOD);
    environment =
        Map.of("PATH", folder.resolve("nowhere") + File.pathSeparator + folder.resolve("path") + File.pathSeparator + "/bin");
  }

  private DaemonFinder.Found find(String setting, Path bundle) throws InterruptedException {
    return DaemonFinder.find(setting, bundle, environment, 10_000);
  }

  private DaemonProblem problem(String setting) {
    return assertThrows(DaemonProblem.class, () -> find(setting, null));
  }

  @Test
  void theSettingOutranksTheBundledProgramWhichOutranksPath() throws Exception {
    Path set = Programs.shell(folder.resolve("set/other-name"), GOOD);
    Path bundled = Programs.shell(bundle.resolve("bin").resolve(DaemonFinder.platform()).resolve("dragoman"), GOOD);
    assertEquals(new DaemonFinder.Found(set, "1.2.3"), find(set.toString(), bundle));
    assertEquals(bundled, find("", bundle).path());
    assertEquals(onPath, find(null, folder).path());
    assertEquals(onPath, find("  dragoman ", null).path());
  }

  @Test
  void aBundledProgramThatWasUnpackedWithoutItsModeRuns() throws Exception {
    Path bundled = Programs.shell(bundle.resolve("bin").resolve(DaemonFinder.platform()).resolve("dragoman"), GOOD);
    assertTrue(bundled.toFile().setExecutable(false, false));
    assertEquals(bundled, find("", bundle).path());
  }

  @Test
  void aSettingThatNamesNothingIsToldAndNotReplacedByAnotherProgram() {
    for (String setting : new String[] {folder + "/missing", folder.toString(), "no-such-dragoman", "path/dragoman", "a\0b"})
      assertEquals(Reason.NOT_FOUND, problem(setting).reason(), setting);
  }

  @Test
  void aRelativeEntryOfPathIsNoPlaceToRunProgramsFrom() {
    Path here = Path.of("").toAbsolutePath().relativize(folder.resolve("path"));
    environment = Map.of("PATH", here + File.pathSeparator + ".");
    assertEquals(Reason.MISSING, problem("").reason());
  }

  @Test
  void aFileThatCannotBeExecutedIsPassedOverOnPath() throws Exception {
    assertTrue(onPath.toFile().setExecutable(false, false));
    assertEquals(Reason.MISSING, problem("").reason());
    assertEquals(Reason.BROKEN, problem(onPath.toString()).reason());
  }

  @Test
  void theNameOfPathMayBeWrittenAsWindowsDoes() throws Exception {
    environment = Map.of("Path", environment.get("PATH"));
    assertEquals(onPath, find("", null).path());
  }

  @Test
  void anOlderAndANewerProtocolAreToldWithTheVersion() throws Exception {
    Path old = Programs.shell(folder.resolve("old"), "echo 'dragoman 0.0.9'");
    Path newer = Programs.shell(folder.resolve("newer"), "echo 'dragoman 9.0.0 (editor protocol 2)'");
    assertEquals(Reason.OLD, problem(old.toString()).reason());
    assertEquals("0.0.9", problem(old.toString()).detail());
    assertEquals(Reason.NEW, problem(newer.toString()).reason());
    assertEquals(newer.toString(), problem(newer.toString()).path());
  }

  @Test
  void aProgramThatIsNoneOfOursIsBrokenInItsOwnWords() throws Exception {
    Path other = Programs.shell(folder.resolve("other"), "echo hello; echo more");
    Path failing = Programs.shell(folder.resolve("failing"), "echo 'no such option' >&2; exit 3");
    Path silent = Programs.shell(folder.resolve("silent"), "exit 7");
    assertEquals("--version: hello", problem(other.toString()).detail());
    assertEquals("no such option", problem(failing.toString()).detail());
    assertEquals("it ended with code 7", problem(silent.toString()).detail());
  }

  @Test
  void aProgramThatNeverEndsIsNotWaitedForAndNotLeftBehind() throws Exception {
    Path pid = folder.resolve("pid");
    for (String endless : new String[] {"exec sleep 600", "sleep 600", "yes", "echo 'dragoman 1'; exec yes"}) {
      Path mute = Programs.shell(folder.resolve("mute"), "echo $$ > " + pid + "; " + endless);
      DaemonProblem problem =
          assertThrows(DaemonProblem.class, () -> DaemonFinder.find(mute.toString(), null, environment, 300));
      assertEquals(Reason.BROKEN, problem.reason());
      Programs.assertEnds(Long.parseLong(Files.readString(pid).strip()));
    }
  }
}
