package dragoman.chat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dragoman.chat.Intake.Taken;
import dragoman.client.Protocol.ContextItem;
import java.awt.Image;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntakeTest {
  @TempDir Path folder;
  private final Intake intake = new Intake(Words.of(Locale.ENGLISH), Attachment::lastPart);

  private static byte[] picture(String format) throws IOException {
    BufferedImage image = new BufferedImage(9, 7, BufferedImage.TYPE_INT_RGB);
    for (int x = 0; x < 9; ++x) image.setRGB(x, x % 7, 0x1000 * x);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, format, out);
    return out.toByteArray();
  }

  private static byte[] webp(int announced) {
    byte[] out = "RIFF\0\0\0\0WEBPVP8L".getBytes(StandardCharsets.ISO_8859_1);
    out[4] = (byte) announced;
    return out;
  }

  private Taken file(String name, byte[] content) throws IOException {
    Files.write(folder.resolve(name), content);
    return intake.files(List.of(folder.resolve(name))).get(0);
  }

  @ParameterizedTest
  @CsvSource({"png, image/png", "jpg, image/jpeg", "gif, image/gif"})
  void aPictureIsTakenByItsBytesWhateverItIsCalled(String format, String mimeType) throws IOException {
    byte[] bytes = picture(format);
    for (String name : new String[] {"a." + format, "b.txt", "c"}) {
      Attachment taken = file(name, bytes).attachment();
      assertEquals(name, taken.name());
      assertEquals("image", taken.item().kind());
      assertEquals(mimeType, taken.item().mimeType());
      assertArrayEquals(bytes, Base64.getDecoder().decode(taken.item().data()));
    }
  }

  @ParameterizedTest
  @CsvSource({"png", "jpg", "gif"})
  void aPictureThatWasCutOffIsRefusedByItsNameWhereverThatWas(String format) throws IOException {
    byte[] bytes = picture(format);
    for (int length = 12; length < bytes.length - 8; length += 5) {
      Taken taken = file("half." + format, Arrays.copyOf(bytes, length));
      assertNull(taken.attachment(), "cut at " + length);
      assertEquals("half." + format + " is an image that was cut off: its end is missing.", taken.refusal());
    }
  }

  @Test
  void aWebpIsAsLongAsItSays() throws IOException {
    assertEquals("image/webp", file("a.webp", webp(8)).attachment().item().mimeType());
    assertEquals("a.webp is an image that was cut off: its end is missing.", file("a.webp", webp(9)).refusal());
  }

  @Test
  void whatIsNoPictureIsTheDaemonsToReadAlsoWhenItIsCalledOne() throws IOException {
    for (String name : new String[] {"a.c", "fake.png", "empty.txt"}) {
      byte[] content = name.startsWith("empty") ? new byte[0] : "int x;\n".getBytes(StandardCharsets.UTF_8);
      ContextItem item = file(name, content).attachment().item();
      assertEquals(ContextItem.file(folder.resolve(name).toUri().toString()), item);
    }
  }

  @Test
  void aFolderAndWhatIsNotThereAreRefusedAndTheRestIsTakenInItsOrder() throws IOException {
    Path text = Files.writeString(folder.resolve("a.c"), "x");
    List<Taken> taken = intake.files(List.of(folder, text, folder.resolve("gone"), text));
    assertEquals(folder.getFileName() + " is a folder: attach the files that matter.", taken.get(0).refusal());
    assertEquals("a.c", taken.get(1).attachment().name());
    assertEquals("gone cannot be read.", taken.get(2).refusal());
    assertEquals("a.c", taken.get(3).attachment().name());
  }

  @Test
  @Timeout(20)
  void aPipeIsRefusedAndNotWaitedFor() throws Exception {
    Path pipe = folder.resolve("pipe");
    assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0);
    assertEquals("pipe cannot be read.", intake.files(List.of(pipe)).get(0).refusal());
  }

  @Test
  void whatIsTooLargeIsRefusedBeforeItIsRead() throws IOException {
    String refusal = " is too large: images may have 20 MiB, texts 8 MiB.";
    for (boolean picture : new boolean[] {false, true}) {
      Path path = folder.resolve(picture ? "large.png" : "large.txt");
      Files.write(path, picture ? picture("png") : new byte[] {'x'});
      try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
        file.setLength((picture ? Intake.IMAGE_LIMIT : Intake.TEXT_LIMIT) + 1L);
      }
      assertEquals(path.getFileName() + refusal, intake.files(List.of(path)).get(0).refusal());
    }
    Path most = folder.resolve("most.txt");
    try (RandomAccessFile file = new RandomAccessFile(most.toFile(), "rw")) {
      file.setLength(Intake.TEXT_LIMIT);
    }
    assertEquals("most.txt", intake.files(List.of(most)).get(0).attachment().name());
  }

  @Test
  void aPictureOfTheClipboardIsPackedWithEveryPixelAndWithWhatIsClear() throws IOException {
    BufferedImage copied = new BufferedImage(3, 2, BufferedImage.TYPE_INT_ARGB);
    copied.setRGB(2, 1, 0x80ff0000);
    Attachment taken = intake.picture(copied).attachment();
    assertEquals("Image", taken.name());
    BufferedImage read = ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(taken.item().data())));
    assertEquals(3, read.getWidth());
    assertEquals(0x80ff0000, read.getRGB(2, 1));
    assertEquals(0, read.getRGB(0, 0));
  }

  @Test
  void aPictureThatIsNotThereIsRefused() {
    Image never = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB) {
      @Override
      public int getWidth(java.awt.image.ImageObserver observer) {
        return -1;
      }
    };
    assertEquals("Image cannot be read.", intake.picture(never).refusal());
  }
}
