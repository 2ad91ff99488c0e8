package dragoman.chat.view;

import java.awt.Color;
import java.awt.Font;

/** A look without an IDE, in the colours of a light or a dark theme. */
record TestLook(boolean dark, int scale) implements Look {
  private Color pick(int light, int night) {
    return new Color(dark ? night : light);
  }

  @Override
  public Font text() {
    return new Font(Font.SANS_SERIF, Font.PLAIN, 13 * scale);
  }

  @Override
  public Font code() {
    return new Font(Font.MONOSPACED, Font.PLAIN, 13 * scale);
  }

  @Override
  public Color foreground() {
    return pick(0x1f2328, 0xdfe1e5);
  }

  @Override
  public Color background() {
    return pick(0xffffff, 0x2b2d30);
  }

  @Override
  public Color muted() {
    return pick(0x6c707e, 0x868a91);
  }

  @Override
  public Color link() {
    return pick(0x315fbd, 0x6b9bfa);
  }

  @Override
  public Color error() {
    return pick(0xc7222d, 0xf75464);
  }

  @Override
  public Color codeBackground() {
    return pick(0xf7f8fa, 0x1e1f22);
  }

  @Override
  public Color questionBackground() {
    return pick(0xedf3ff, 0x393b40);
  }

  @Override
  public Color border() {
    return pick(0xdfe1e5, 0x43454a);
  }

  @Override
  public Color fieldBackground() {
    return pick(0xffffff, 0x1e1f22);
  }

  @Override
  public Color accent() {
    return pick(0x3574f0, 0x3574f0);
  }

  @Override
  public Color onAccent() {
    return Color.WHITE;
  }

  @Override
  public Color comment() {
    return pick(0x8c8c8c, 0x7a7e85);
  }

  @Override
  public Color string() {
    return pick(0x067d17, 0x6aab73);
  }

  @Override
  public Color number() {
    return pick(0x1750eb, 0x2aacb8);
  }

  @Override
  public Color keyword() {
    return pick(0x0033b3, 0xcf8e6d);
  }

  @Override
  public int px(int size) {
    return size * scale;
  }
}
