package dragoman.chat.view;

import java.awt.Color;
import java.awt.Font;

/**
 * Colours, fonts and sizes of the chat. Asked anew whenever something is drawn or built, so that a change of the theme
 * shows; {@link ChatView#restyle} says that one has come.
 */
public interface Look {
  Font text();

  /** Of the editor. */
  Font code();

  Color foreground();

  Color background();

  Color muted();

  Color link();

  Color error();

  Color codeBackground();

  Color questionBackground();

  Color border();

  /** The ground of a field that is written in. */
  Color fieldBackground();

  /** The ground of the one button that stands out, and what is written on it. */
  Color accent();

  Color onAccent();

  /** Of code that the IDE has no colours for. */
  Color comment();

  Color string();

  Color number();

  Color keyword();

  /** Pixels of the screen for {@code size} pixels of a plain one. */
  int px(int size);
}
