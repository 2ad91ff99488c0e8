package dragoman.ide.edit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dragoman.ide.edit.Spans.Place;
import dragoman.ide.edit.Spans.Span;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpansTest {
  private static final String TEXT = "one\ntwo\nthree\nfour\n";

  /** "two" becomes "2", a line comes before "four", "four" loses its end. */
  private static final List<Span> SPANS = List.of(new Span(4, 7, 1), new Span(14, 14, 4), new Span(17, 18, 0));

  private static final String RESULT = "one\n2\nthree\n3.5\nfou\n";

  @Test
  void aHunkStandsInThePreviewWhereItsTextIs() {
    List<Place> places = Spans.inPreview(SPANS);
    assertEquals(
        List.of("2", "3.5\n", ""),
        places.stream().map(place -> RESULT.substring(place.start(), place.end())).toList());
    assertEquals("fou", RESULT.substring(places.get(2).start() - 3, places.get(2).start()));
  }

  @Test
  void theHunkAtAPlaceIsTheOneThereElseTheNextElseTheLast() {
    assertEquals(0, Spans.at(SPANS, 0));
    assertEquals(0, Spans.at(SPANS, 5));
    assertEquals(1, Spans.at(SPANS, 8));
    assertEquals(2, Spans.at(SPANS, 15));
    assertEquals(2, Spans.at(SPANS, TEXT.length()));
    assertEquals(-1, Spans.at(List.of(), 3));
  }

  @Test
  void eachPlaceOfThePreviewLeadsToTheHunkThatMadeIt() {
    assertEquals(0, Spans.at(SPANS, Spans.inDocument(SPANS, RESULT.indexOf('2'))));
    assertEquals(1, Spans.at(SPANS, Spans.inDocument(SPANS, RESULT.indexOf("3.5") + 1)));
    assertEquals(TEXT.indexOf("three"), Spans.inDocument(SPANS, RESULT.indexOf("three")));
    assertEquals(TEXT.length(), Spans.inDocument(SPANS, RESULT.length()));
    assertEquals(3, Spans.inDocument(List.of(), 3));
  }
}
