package dragoman.tools;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;

/**
 * Puts daemons into copies of the plugin's zip, one for each platform, where the plugin looks for them. Equal inputs make
 * equal zips.
 *
 * <pre>
 * Bundle ZIP FOLDER DAEMON [TARGET=BINARY…]   writes FOLDER/dragoman-jetbrains-TARGET.zip
 * </pre>
 *
 * DAEMON says by its bytes what platform it is for. TARGET is {@code linux-x64}, {@code darwin-arm64} and so on; a BINARY that
 * is made for another machine is refused: users would find out. Exits with 2 and a sentence where something is wrong.
 */
public final class Bundle {
  /** The platforms that the plugin knows, and what a program for each is made for. */
  private static final Map<String, String> TARGETS =
      new TreeMap<>(
          Map.of(
              "linux-x64", "ELF x64",
              "linux-arm64", "ELF arm64",
              "linux-armhf", "ELF arm",
              "darwin-x64", "Mach-O x64",
              "darwin-arm64", "Mach-O arm64",
              "win32-x64", "PE x64",
              "win32-arm64", "PE arm64"));

  /** The earliest that a zip can say. */
  private static final FileTime TIME = FileTime.from(Instant.parse("1980-01-01T00:00:00Z"));

  private Bundle() {}

  public static void main(String[] arguments) throws IOException {
    // A zip says its times in the writer's zone.
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    try {
      Path zip = Path.of(arguments[0]);
      Map<String, Path> binaries = new TreeMap<>();
      binaries.put(targetOf(Path.of(arguments[2])), Path.of(arguments[2]));
      for (int i = 3; i < arguments.length; ++i) {
        String[] pair = arguments[i].split("=", 2);
        if (pair.length != 2) throw new IllegalArgumentException("\"" + arguments[i] + "\" is not TARGET=BINARY");
        binaries.put(pair[0], Path.of(pair[1]));
      }
      for (Map.Entry<String, Path> binary : binaries.entrySet()) {
        Path out = Path.of(arguments[1], "dragoman-jetbrains-" + binary.getKey() + ".zip");
        run(zip, out, binary.getKey(), binary.getValue());
        System.out.println("bundle: " + out);
      }
    } catch (IllegalArgumentException wrong) {
      System.err.println("bundle: " + wrong.getMessage());
      System.exit(2);
    } catch (NoSuchFileException missing) {
      System.err.println("bundle: there is no " + missing.getMessage());
      System.exit(2);
    }
  }

  /** @throws IllegalArgumentException where the plugin knows no platform that the program is for */
  static String targetOf(Path binary) throws IOException {
    String made = Machine.of(Files.readAllBytes(binary));
    return TARGETS.entrySet().stream()
        .filter(target -> target.getValue().equals(made))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(binary + " is made for no machine that is known"));
  }

  /** @throws IllegalArgumentException where the target is not known, or the binary is not for it */
  static void run(Path zip, Path out, String target, Path binary) throws IOException {
    String wanted = TARGETS.get(target);
    if (wanted == null)
      throw new IllegalArgumentException("\"" + target + "\" is none of " + String.join(", ", TARGETS.keySet()));
    byte[] program = Files.readAllBytes(binary);
    String made = Machine.of(program);
    if (!wanted.equals(made))
      throw new IllegalArgumentException(
          binary + " is made for " + (made == null ? "no machine that is known" : made) + ", not for " + target);
    Files.copy(zip, out, StandardCopyOption.REPLACE_EXISTING);
    URI inZip = URI.create("jar:" + out.toUri());
    try (FileSystem inside = FileSystems.newFileSystem(inZip, Map.of("enablePosixFileAttributes", "true"))) {
      Path folder = inside.getPath("dragoman", "bin", target);
      Path name = folder.resolve(target.startsWith("win32") ? "dragoman.exe" : "dragoman");
      Files.createDirectories(folder);
      Files.write(name, program);
      // The folders, too: a zip that gives them no mode gives some unpackers folders that nobody may enter.
      for (Path one = name; one.getNameCount() > 1; one = one.getParent()) {
        Files.setPosixFilePermissions(one, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.getFileAttributeView(one, BasicFileAttributeView.class).setTimes(TIME, TIME, TIME);
      }
    }
  }
}
