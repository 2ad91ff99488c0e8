package dragoman.client;

import java.util.List;
import java.util.Objects;

/** The suggestions on the screen, best first, the first of them in sight. Pure. */
public record Offer(List<GhostText> ghosts) {
  public static final Offer NONE = new Offer(List.of());

  /**
   * What a change of the text made of it.
   *
   * @param left what is still there to be taken
   * @param taken what was accepted, moved on to where it ends; null where nothing was
   */
  public record Change(Offer left, GhostText taken) {
    /** Whether all of {@link #taken} stands in the text now. */
    public boolean whole() {
      return taken != null && taken.rest().isEmpty();
    }
  }

  public boolean isEmpty() {
    return ghosts.isEmpty();
  }

  /** The one in sight; there has to be one. */
  public GhostText first() {
    return ghosts.get(0);
  }

  /**
   * {@code inserted} took the place of {@code removed} units at {@code at}. Its own next text that comes in at once was
   * accepted, whoever put it in; one character of it is typing, but for the last one, with which it is done either way.
   */
  public Change after(int at, int removed, String inserted) {
    List<GhostText> moved =
        ghosts.stream().map(ghost -> ghost.after(at, removed, inserted)).filter(Objects::nonNull).toList();
    if (moved.isEmpty()) return new Change(NONE, null);
    GhostText first = moved.get(0);
    if (first.rest().isEmpty()) return new Change(NONE, first);
    boolean typed = inserted.codePointCount(0, inserted.length()) <= 1;
    return new Change(new Offer(moved), typed ? null : first);
  }
}
