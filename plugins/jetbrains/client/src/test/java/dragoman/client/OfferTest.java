package dragoman.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dragoman.client.Protocol.InlineCompletionItem;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OfferTest {
  private static Offer offer(String... texts) {
    return new Offer(Stream.of(texts).map(text -> GhostText.at(5, new InlineCompletionItem(text, null, null))).toList());
  }

  private static List<String> rests(Offer offer) {
    return offer.ghosts().stream().map(GhostText::rest).toList();
  }

  @Test
  void typingIsNoAcceptance() {
    Offer.Change typed = offer("foo(bar)").after(5, 0, "f");
    assertNull(typed.taken());
    assertEquals(List.of("oo(bar)"), rests(typed.left()));
    assertNull(offer("𝒳y").after(5, 0, "𝒳").taken());
  }

  @Test
  void aPieceThatComesInAtOnceWasTaken() {
    Offer.Change word = offer("foo(bar)").after(5, 0, "foo");
    assertEquals(3, word.taken().standing());
    assertFalse(word.whole());
    Offer.Change next = word.left().after(8, 0, "(bar");
    assertEquals(7, next.taken().standing());
    assertEquals(List.of(")"), rests(next.left()));
  }

  @Test
  void theWholeIsTakenAtOnceOrWithItsLastCharacter() {
    assertTrue(offer("foo").after(5, 0, "foo").whole());
    Offer.Change last = offer("fo").after(5, 0, "f").left().after(6, 0, "o");
    assertTrue(last.whole());
    assertTrue(last.left().isEmpty());
  }

  @Test
  void anotherTextEndsItUnlessAnotherSuggestionFits() {
    Offer.Change other = offer("foo", "bar", "baz").after(5, 0, "b");
    assertEquals(List.of("ar", "az"), rests(other.left()));
    assertTrue(offer("foo", "bar").after(5, 0, "x").left().isEmpty());
    assertNull(offer("foo").after(5, 3, "foo").taken());
    assertTrue(offer("foo").after(2, 0, "foo").left().isEmpty());
  }

  @Test
  void ofNothingNothingIsTaken() {
    assertNull(Offer.NONE.after(5, 0, "foo").taken());
  }
}
