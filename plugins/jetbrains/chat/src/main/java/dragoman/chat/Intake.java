package dragoman.chat;

import dragoman.client.FileUri;
import dragoman.client.Protocol.ContextItem;
import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import javax.imageio.ImageIO;

/**
 * What files and pictures from outside are to a question. The bytes decide what is a picture, not the name: of a picture the
 * bytes are sent, any other file is the daemon's to read. What cannot be attached is refused by its name, while that is still
 * in sight. Reads disks and packs pictures, so it is nothing for the UI thread; any other may call it.
 */
public final class Intake {
  /** The daemon's own limits (docs/protocol.md). */
  static final int IMAGE_LIMIT = 20 * 1024 * 1024;

  static final int TEXT_LIMIT = 8 * 1024 * 1024;

  /** As long as the longest beginning of a format. */
  private static final int HEAD = 12;

  private static final int ANY = -1;

  /** An attachment, or in a sentence why there is none; the other one is null. */
  public record Taken(Attachment attachment, String refusal) {}

  /**
   * @param begins the first bytes; {@link #ANY} is any
   * @param whole whether it is there to its end; one that was cut off is taken by some models as half a picture, by others as
   *     an error
   */
  private record Format(String mimeType, int[] begins, Predicate<byte[]> whole) {
    boolean of(byte[] bytes) {
      if (bytes.length < begins.length) return false;
      for (int i = 0; i < begins.length; ++i) if (begins[i] != ANY && begins[i] != (bytes[i] & 0xff)) return false;
      return true;
    }
  }

  /** What all models with eyes take, and the daemon. */
  private static final List<Format> FORMATS =
      List.of(
          // ISO/IEC 15948: an IEND chunk is the last.
          new Format("image/png", bytes("\u0089PNG\r\n\u001a\n"), picture -> holds(picture, bytes("IEND"))),
          // ITU T.81: EOI is FF D9; cameras write things of their own behind it.
          new Format("image/jpeg", bytes("\u00ff\u00d8\u00ff"), picture -> holds(picture, bytes("\u00ff\u00d9"))),
          // GIF89a: the trailer is 3B; some writers fill up with zeros.
          new Format("image/gif", bytes("GIF8?a"), picture -> lastButZeros(picture) == 0x3b),
          // RFC 9649: the RIFF header tells the size less its own eight bytes.
          new Format("image/webp", bytes("RIFF????WEBP"), picture -> riffSize(picture) + 8 <= picture.length));

  private final Words words;
  private final UnaryOperator<String> shorten;

  /** @param shorten turns a URI into the path that a person knows */
  public Intake(Words words, UnaryOperator<String> shorten) {
    this.words = words;
    this.shorten = shorten;
  }

  /** One answer for each, in their order. */
  public List<Taken> files(List<Path> paths) {
    List<Taken> out = new ArrayList<>();
    for (Path path : paths) out.add(file(path));
    return out;
  }

  /** A picture without a file, as from the clipboard. */
  public Taken picture(Image image) {
    String name = words.get("image");
    int width = image.getWidth(null);
    int height = image.getHeight(null);
    if (width <= 0 || height <= 0) return refused("intake.unreadable", name);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(drawn(image, width, height), "png", packed)) return refused("intake.unreadable", name);
    } catch (IOException inMemory) {
      throw new UncheckedIOException(inMemory);
    }
    return picture(name, packed.toByteArray());
  }

  private Taken file(Path path) {
    String uri = FileUri.of(path);
    String name = shorten.apply(uri);
    try {
      if (Files.isDirectory(path)) return refused("intake.folder", name);
      if (!Files.isRegularFile(path)) return refused("intake.unreadable", name); // a pipe would be waited for
      long size = Files.size(path);
      boolean picture = formatOf(head(path)) != null;
      if (size > (picture ? IMAGE_LIMIT : TEXT_LIMIT)) return refused("intake.tooLarge", name);
      if (picture) return picture(name, Files.readAllBytes(path));
      return new Taken(new Attachment(name, ContextItem.file(uri)), null);
    } catch (IOException gone) {
      return refused("intake.unreadable", name);
    }
  }

  private Taken picture(String name, byte[] bytes) {
    Format format = formatOf(bytes);
    if (bytes.length > IMAGE_LIMIT) return refused("intake.tooLarge", name);
    if (format == null || !format.whole().test(bytes)) return refused("intake.broken", name);
    String data = Base64.getEncoder().encodeToString(bytes);
    return new Taken(new Attachment(name, ContextItem.image(format.mimeType(), data)), null);
  }

  private Taken refused(String why, String name) {
    return new Taken(null, words.get(why, name));
  }

  private static byte[] head(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(HEAD);
    }
  }

  private static Format formatOf(byte[] bytes) {
    return FORMATS.stream().filter(format -> format.of(bytes)).findFirst().orElse(null);
  }

  /** What PNG can hold, of whatever the clipboard gives. */
  private static BufferedImage drawn(Image image, int width, int height) {
    if (image instanceof BufferedImage plain && plain.getType() != BufferedImage.TYPE_CUSTOM) return plain;
    BufferedImage out = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    Graphics2D graphics = out.createGraphics();
    graphics.drawImage(image, 0, 0, null);
    graphics.dispose();
    return out;
  }

  /** Of characters up to 0xff; a question mark is any byte. */
  private static int[] bytes(String text) {
    return text.chars().map(one -> one == '?' ? ANY : one).toArray();
  }

  /** Whether {@code what} stands in it, behind its first byte. Searched from the end, where it should be. */
  private static boolean holds(byte[] bytes, int[] what) {
    for (int at = bytes.length - what.length; at > 0; --at) {
      int same = 0;
      while (same < what.length && what[same] == (bytes[at + same] & 0xff)) ++same;
      if (same == what.length) return true;
    }
    return false;
  }

  private static int lastButZeros(byte[] bytes) {
    int last = bytes.length - 1;
    while (last > 0 && bytes[last] == 0) --last;
    return bytes[last];
  }

  private static long riffSize(byte[] bytes) {
    long size = 0;
    for (int i = 7; i >= 4; --i) size = size << 8 | (bytes[i] & 0xff);
    return size;
  }
}
