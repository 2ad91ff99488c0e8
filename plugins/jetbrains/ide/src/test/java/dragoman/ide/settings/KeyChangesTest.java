package dragoman.ide.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dragoman.ide.settings.KeyChanges.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class KeyChangesTest {
  private static final Source NONE = new Source(null, null);
  private static final UnaryOperator<String> KEPT = name -> "key-of-" + name;

  private static Source kept(String name) {
    return new Source(null, name);
  }

  private static Source typed(String key, String keptAs) {
    return new Source(key, keptAs);
  }

  /** A null is written as "". */
  private static Map<String, String> changes(Set<String> before, Map<String, Source> now, UnaryOperator<String> kept) {
    Map<String, String> out = new TreeMap<>();
    KeyChanges.of(before, now, kept).forEach((name, key) -> out.put(name, key == null ? "" : key));
    return out;
  }

  @Test
  void aKeyThatStaysIsNeitherReadNorWritten() {
    List<String> read = new ArrayList<>();
    assertEquals(
        Map.of(),
        changes(Set.of("a"), Map.of("a", kept("a"), "b", NONE), name -> {
          read.add(name);
          return null;
        }));
    assertEquals(List.of(), read);
  }

  @Test
  void aKeyThatWasTypedIsKeptInPlaceOfTheOther() {
    assertEquals(Map.of("a", "new"), changes(Set.of("a"), Map.of("a", typed("new", "a")), KEPT));
    assertEquals(Map.of("b", "new"), changes(Set.of("a"), Map.of("a", kept("a"), "b", typed("new", null)), KEPT));
  }

  @Test
  void aRenamedGatewayTakesItsKeyAlong() {
    assertEquals(Map.of("a", "", "b", "key-of-a"), changes(Set.of("a"), Map.of("b", kept("a")), KEPT));
    assertEquals(Map.of("a", "", "b", "new"), changes(Set.of("a"), Map.of("b", typed("new", "a")), KEPT));
  }

  @Test
  void gatewaysThatChangeNamesChangeKeys() {
    assertEquals(
        Map.of("a", "key-of-b", "b", "key-of-a"),
        changes(Set.of("a", "b"), Map.of("a", kept("b"), "b", kept("a")), KEPT));
  }

  @Test
  void aNameThatAnotherGatewayTakesIsNotTakenItsKey() {
    assertEquals(
        Map.of("a", "new", "b", "key-of-a"),
        changes(Set.of("a"), Map.of("b", kept("a"), "a", typed("new", null)), KEPT));
  }

  @Test
  void aKeyIsForgottenWithItsGatewayAndWhereAPersonSaysSo() {
    assertEquals(Map.of("a", "", "b", ""), changes(Set.of("a", "b"), Map.of("b", NONE), KEPT));
  }

  @Test
  void aKeyThatTheKeychainDoesNotGiveIsNotThrownAway() {
    assertEquals(Map.of(), changes(Set.of("a"), Map.of("b", kept("a")), name -> null));
  }

  @Test
  void theNewPlaceIsWrittenBeforeTheOldOneIsEmptied() {
    assertEquals(
        List.of("b", "a"), List.copyOf(KeyChanges.of(Set.of("a"), Map.of("b", kept("a")), KEPT).keySet()));
  }

  @Test
  void noSourceSaysItsKey() {
    assertFalse(typed("sk-1", null).toString().contains("sk-1"));
  }
}
