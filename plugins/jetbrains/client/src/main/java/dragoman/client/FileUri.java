package dragoman.client;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The file: URI of a path, made of its text alone: {@link Path#toUri} asks the file system whether it is a folder, which on a
 * network's takes as long as the network does. Escaped as the daemon escapes (RFC 3986, 2.3).
 */
public final class FileUri {
  private static final String HEX = "0123456789ABCDEF";

  private FileUri() {}

  /**
   * @param path absolute and with slashes, as an IDE's paths are on every system: {@code /home/x}, {@code C:/x},
   *     {@code //server/share/x}
   */
  public static String of(String path) {
    StringBuilder out = new StringBuilder(path.length() + 16).append("file://");
    int plain = 0; // so much of the path stands there as it is
    if (isDrive(path)) {
      plain = 2;
      out.append('/').append(path, 0, plain);
    } else if (path.startsWith("//")) {
      plain = hostEnd(path);
      // RFC 8089, E.3: what cannot be a URI's host, as wsl$, stays in the path with its slashes.
      out.append(path, plain > 2 ? 2 : 0, plain);
    }
    for (byte unit : path.substring(plain).getBytes(StandardCharsets.UTF_8)) append(out, unit);
    return out.toString();
  }

  /** Of a path of this system; a relative one is as from the working folder. */
  public static String of(Path path) {
    return of(path.toAbsolutePath().toString().replace(File.separatorChar, '/'));
  }

  private static boolean isDrive(String path) {
    return path.length() >= 2 && isLetter(path.charAt(0)) && path.charAt(1) == ':';
  }

  /** Where the host of {@code //host/...} ends; 2 where it has none that a URI can have. */
  private static int hostEnd(String path) {
    int end = 2;
    while (end < path.length() && (isAlphanumeric(path.charAt(end)) || path.charAt(end) == '-' || path.charAt(end) == '.')) ++end;
    return end < path.length() && path.charAt(end) == '/' ? end : 2;
  }

  private static void append(StringBuilder out, byte unit) {
    char c = (char) (unit & 0xFF);
    if (isAlphanumeric(c) || "-._~/".indexOf(c) >= 0) out.append(c);
    else out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }

  private static boolean isAlphanumeric(char c) {
    return isLetter(c) || c >= '0' && c <= '9';
  }
}
