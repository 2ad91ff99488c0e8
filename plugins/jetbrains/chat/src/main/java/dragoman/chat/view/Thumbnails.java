package dragoman.chat.view;

import dragoman.client.Protocol.ContextItem;
import java.awt.Component;
import java.awt.Graphics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.swing.Icon;
import javax.swing.SwingUtilities;

/**
 * Small pictures of attached ones. They are read off the UI thread and only as finely as they are shown, so that a picture of
 * a hundred megapixels costs no more memory than its thumbnail; one that cannot be read has none. On the UI thread.
 */
final class Thumbnails {
  /** A picture as it is shown, and how large it is. */
  record Thumbnail(Icon icon, int width, int height) {}

  private record Small(BufferedImage picture, int width, int height) {}

  /** Beyond this a picture is not even looked at: reading one takes time for each of its pixels. */
  private static final long MOST_PIXELS = 400_000_000L;

  /** For screens with two pixels to one. */
  private static final int DENSITY = 2;

  private final int side;
  private final Map<ContextItem, CompletableFuture<Small>> known = new IdentityHashMap<>();

  /** @param side of the square that a thumbnail fits in, in pixels */
  Thumbnails(int side) {
    this.side = side;
  }

  /** {@code show} hears of the thumbnail on the UI thread: at once where it is known, later, or never where there is none. */
  void of(ContextItem item, Consumer<Thumbnail> show) {
    CompletableFuture<Small> small =
        known.computeIfAbsent(
            item, asked -> CompletableFuture.supplyAsync(() -> read(asked.data())).exceptionally(tooLarge -> null));
    if (small.isDone()) tell(small.join(), show);
    else small.thenAcceptAsync(read -> tell(read, show), SwingUtilities::invokeLater);
  }

  /** Forgets all others. */
  void keep(Collection<ContextItem> items) {
    Map<ContextItem, CompletableFuture<Small>> kept = new IdentityHashMap<>();
    for (ContextItem item : items) if (known.containsKey(item)) kept.put(item, known.get(item));
    known.clear();
    known.putAll(kept);
  }

  private void tell(Small small, Consumer<Thumbnail> show) {
    if (small == null) return;
    double by = Math.min(1.0, (double) side / Math.max(small.width(), small.height()));
    int width = Math.max(1, (int) Math.round(small.width() * by));
    int height = Math.max(1, (int) Math.round(small.height() * by));
    show.accept(new Thumbnail(new Scaled(small.picture(), width, height), small.width(), small.height()));
  }

  /** Null where it is no picture that Java can read, as WebP mostly is not. */
  private Small read(String base64) {
    try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(base64)))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) return null;
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        int width = reader.getWidth(0);
        int height = reader.getHeight(0);
        if ((long) width * height > MOST_PIXELS) return null;
        int step = Math.max(1, Math.max(width, height) / (DENSITY * side));
        ImageReadParam coarse = reader.getDefaultReadParam();
        coarse.setSourceSubsampling(step, step, 0, 0);
        return new Small(reader.read(0, coarse), width, height);
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException broken) {
      return null; // readers throw what they please at hostile bytes; the daemon or the model will say what is wrong
    }
  }

  private record Scaled(BufferedImage picture, int width, int height) implements Icon {
    @Override
    public void paintIcon(Component on, Graphics g, int x, int y) {
      Graphics2D graphics = (Graphics2D) g.create();
      graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
      graphics.drawImage(picture, x, y, width, height, null);
      graphics.dispose();
    }

    @Override
    public int getIconWidth() {
      return width;
    }

    @Override
    public int getIconHeight() {
      return height;
    }
  }
}
