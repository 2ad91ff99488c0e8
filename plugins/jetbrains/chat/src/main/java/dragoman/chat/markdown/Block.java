package dragoman.chat.markdown;

import java.util.List;

/**
 * What an answer looks like, as plain data. Nothing else can come out of Markdown, because there is nothing else here: no
 * HTML, no image, no script.
 */
public sealed interface Block {
  /**
   * A paragraph, a heading or the beginning of a list item.
   *
   * @param heading 1 to 6, or 0
   * @param indent how deep it stands in lists
   * @param quote how deep it stands in quotations
   * @param marker what stands before a list item's first line ("•", "3."), or ""
   */
  record Paragraph(int heading, int indent, int quote, String marker, List<Span> spans) implements Block {
    public Paragraph {
      spans = List.copyOf(spans);
    }
  }

  /**
   * @param language the first word behind the fence, or ""
   * @param continues whether it goes on where a block that had grown too long was cut
   */
  record Code(String text, String language, boolean continues) implements Block {}

  /** Rows of cells; the first row is the head. Rows may differ in length. */
  record Table(List<List<List<Span>>> rows) implements Block {
    public Table {
      rows = List.copyOf(rows);
    }
  }

  record Rule() implements Block {}
}
