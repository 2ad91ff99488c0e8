package dragoman.ide.settings;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What becomes of the keys when gateways are renamed, removed, and given other keys. Pure. */
final class KeyChanges {
  /**
   * Where the key of a gateway comes from.
   *
   * @param typed what a person typed, or null
   * @param keptAs the name of the gateway under which one is kept, or null; what was typed comes before it
   */
  record Source(String typed, String keptAs) {
    boolean isKey() {
      return typed != null || keptAs != null;
    }

    /** Whether it is a key that is not kept for the gateway {@code name} yet. */
    boolean isNewTo(String name) {
      return typed != null || (keptAs != null && !keptAs.equals(name));
    }

    /** The key, or null. {@code kept} gives the one that is kept under a name, or null. */
    String read(UnaryOperator<String> kept) {
      return typed != null ? typed : keptAs == null ? null : kept.apply(keptAs);
    }

    /** Says nothing of the key. */
    @Override
    public String toString() {
      return "Source of a key";
    }
  }

  private KeyChanges() {}

  /**
   * What is to be kept under each name, null: nothing; in an order in which no key is ever kept nowhere. One that is to move
   * and cannot be read stays where it is.
   *
   * @param before the gateways whose keys are kept
   * @param now all gateways as they are to be
   * @param kept the key that is kept under a name, or null; asked only for keys that move
   */
  static Map<String, String> of(Set<String> before, Map<String, Source> now, UnaryOperator<String> kept) {
    Map<String, String> set = new LinkedHashMap<>();
    Set<String> stay = new HashSet<>();
    now.forEach((name, source) -> {
      if (source.isKey()) stay.add(name);
      if (!source.isNewTo(name)) return;
      String key = source.read(kept);
      if (key != null) set.put(name, key);
      else stay.add(source.keptAs());
    });
    for (String name : before) if (!stay.contains(name)) set.put(name, null);
    return set;
  }
}
