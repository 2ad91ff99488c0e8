package dragoman.ide.ghost;

import com.intellij.openapi.editor.Editor;
import com.intellij.openapi.editor.EditorCustomElementRenderer;
import com.intellij.openapi.editor.Inlay;
import com.intellij.openapi.editor.colors.EditorFontType;
import com.intellij.openapi.editor.colors.TextAttributesKey;
import com.intellij.openapi.editor.markup.TextAttributes;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics;
import java.awt.Rectangle;
import java.util.List;

/** Draws the lines of one inlay in the colour that the editor's scheme has for hints. */
final class GhostRenderer implements EditorCustomElementRenderer {
  /** What a tab is drawn as: string drawing knows no tab stops. */
  private static final String TAB = "    ";

  private static final TextAttributesKey COLOR =
      TextAttributesKey.createTextAttributesKey("INLINE_PARAMETER_HINT");

  private final List<String> lines;

  GhostRenderer(List<String> lines) {
    this.lines = lines.stream().map(line -> line.replace("\t", TAB)).toList();
  }

  List<String> lines() {
    return lines;
  }

  @Override
  public int calcWidthInPixels(Inlay<?> inlay) {
    Editor editor = inlay.getEditor();
    FontMetrics metrics = editor.getContentComponent().getFontMetrics(font(editor));
    return Math.max(1, lines.stream().mapToInt(metrics::stringWidth).max().orElse(1));
  }

  @Override
  public int calcHeightInPixels(Inlay<?> inlay) {
    return lines.size() * inlay.getEditor().getLineHeight();
  }

  @Override
  public void paint(Inlay<?> inlay, Graphics graphics, Rectangle region, TextAttributes attributes) {
    Editor editor = inlay.getEditor();
    Font font = font(editor);
    FontMetrics metrics = editor.getContentComponent().getFontMetrics(font);
    int height = editor.getLineHeight();
    int baseline = region.y + (height - metrics.getHeight()) / 2 + metrics.getAscent();
    graphics.setFont(font);
    graphics.setColor(color(editor));
    for (String line : lines) {
      graphics.drawString(line, region.x, baseline);
      baseline += height;
    }
  }

  private static Font font(Editor editor) {
    return editor.getColorsScheme().getFont(EditorFontType.ITALIC);
  }

  private static Color color(Editor editor) {
    TextAttributes attributes = editor.getColorsScheme().getAttributes(COLOR);
    Color color = attributes == null ? null : attributes.getForegroundColor();
    return color == null ? Color.GRAY : color;
  }
}
