package dragoman.ide.chat;

import com.intellij.openapi.editor.DefaultLanguageHighlighterColors;
import com.intellij.openapi.editor.colors.EditorColorsManager;
import com.intellij.openapi.editor.colors.EditorColorsScheme;
import com.intellij.openapi.editor.colors.EditorFontType;
import com.intellij.openapi.editor.colors.TextAttributesKey;
import com.intellij.openapi.editor.markup.TextAttributes;
import com.intellij.ui.JBColor;
import com.intellij.util.ui.JBUI;
import dragoman.chat.view.Look;
import java.awt.Color;
import java.awt.Font;
import javax.swing.UIManager;

/** The look of the IDE's theme and of the editor's colour scheme, as they are when they are asked for. */
final class IdeLook implements Look {
  @Override
  public Font text() {
    return UIManager.getFont("Label.font");
  }

  @Override
  public Font code() {
    return scheme().getFont(EditorFontType.PLAIN);
  }

  @Override
  public Color foreground() {
    return UIManager.getColor("Label.foreground");
  }

  @Override
  public Color background() {
    return UIManager.getColor("Panel.background");
  }

  @Override
  public Color muted() {
    return JBColor.namedColor("Label.infoForeground", 0x6c707e, 0x868a91);
  }

  @Override
  public Color link() {
    return JBColor.namedColor("Link.activeForeground", 0x315fbd, 0x6b9bfa);
  }

  @Override
  public Color error() {
    return JBColor.namedColor("Label.errorForeground", 0xc7222d, 0xf75464);
  }

  @Override
  public Color codeBackground() {
    return scheme().getDefaultBackground();
  }

  @Override
  public Color questionBackground() {
    return JBColor.namedColor("ActionButton.hoverBackground", 0xedf3ff, 0x393b40);
  }

  @Override
  public Color border() {
    return JBColor.namedColor("Component.borderColor", 0xdfe1e5, 0x43454a);
  }

  @Override
  public Color fieldBackground() {
    return UIManager.getColor("TextArea.background");
  }

  @Override
  public Color accent() {
    return JBColor.namedColor("Button.default.startBackground", 0x3574f0, 0x3574f0);
  }

  @Override
  public Color onAccent() {
    return JBColor.namedColor("Button.default.foreground", 0xffffff, 0xffffff);
  }

  @Override
  public Color comment() {
    return of(DefaultLanguageHighlighterColors.LINE_COMMENT, muted());
  }

  @Override
  public Color string() {
    return of(DefaultLanguageHighlighterColors.STRING, foreground());
  }

  @Override
  public Color number() {
    return of(DefaultLanguageHighlighterColors.NUMBER, foreground());
  }

  @Override
  public Color keyword() {
    return of(DefaultLanguageHighlighterColors.KEYWORD, foreground());
  }

  @Override
  public int px(int size) {
    return JBUI.scale(size);
  }

  private static Color of(TextAttributesKey key, Color otherwise) {
    TextAttributes attributes = scheme().getAttributes(key);
    Color color = attributes == null ? null : attributes.getForegroundColor();
    return color == null ? otherwise : color;
  }

  private static EditorColorsScheme scheme() {
    return EditorColorsManager.getInstance().getGlobalScheme();
  }
}
