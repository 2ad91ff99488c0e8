package dragoman.ide.edit;

import java.util.ArrayList;
import java.util.List;

/**
 * Where hunks stand in the document and in its preview, which holds their texts in place of what they replace. Pure: offsets
 * (UTF-16 units) in and out; hunks are in order and do not overlap.
 */
final class Spans {
  /** {@code length} units of new text in place of [start, end) of the document. */
  record Span(int start, int end, int length) {}

  /** [start, end) of the preview. */
  record Place(int start, int end) {}

  private Spans() {}

  /** The index of the hunk at {@code offset} of the document, else of the next one, else of the last; -1 where there is none. */
  static int at(List<Span> spans, int offset) {
    for (int i = 0; i < spans.size(); ++i) if (offset <= spans.get(i).end()) return i;
    return spans.size() - 1;
  }

  static List<Place> inPreview(List<Span> spans) {
    List<Place> out = new ArrayList<>();
    int by = 0;
    for (Span span : spans) {
      out.add(new Place(span.start() + by, span.start() + by + span.length()));
      by += span.length() - (span.end() - span.start());
    }
    return out;
  }

  /** The place in the document that stands behind {@code offset} of the preview. */
  static int inDocument(List<Span> spans, int offset) {
    List<Place> places = inPreview(spans);
    int by = 0;
    for (int i = 0; i < places.size() && offset >= places.get(i).start(); ++i) {
      if (offset <= places.get(i).end()) return spans.get(i).start();
      by = places.get(i).end() - spans.get(i).end();
    }
    return offset - by;
  }
}
