package dragoman.chat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;

/** The turns of one conversation, and whoever watches them. Confined to the UI thread. */
public final class Transcript {
  /** Hears each change after it was made. */
  public interface Listener {
    /** Another conversation, or this one read again. */
    void shown();

    /** A turn begins at {@code index}; those that stood there and behind are gone. */
    void began(int index);

    /** The texts of a turn have grown by these pieces; one of them may be "". */
    void grew(int index, String reasoning, String text);

    void headChanged(int index);
  }

  private final List<Turn> turns = new ArrayList<>();
  private final List<Listener> listeners = new ArrayList<>();

  public List<Turn> turns() {
    return Collections.unmodifiableList(turns);
  }

  /** Null where there is none. */
  public Turn turn(int index) {
    return index >= 0 && index < turns.size() ? turns.get(index) : null;
  }

  public int size() {
    return turns.size();
  }

  /** Whether an answer is being written. Only the last turn can be. */
  public boolean streaming() {
    return !turns.isEmpty() && turns.get(turns.size() - 1).head().streaming();
  }

  public void addListener(Listener listener) {
    listeners.add(listener);
  }

  void show(List<Turn> all) {
    turns.clear();
    turns.addAll(all);
    listeners.forEach(Listener::shown);
  }

  void begin(int index, Turn turn) {
    turns.subList(index, turns.size()).clear();
    turns.add(turn);
    listeners.forEach(listener -> listener.began(index));
  }

  void grow(int index, String reasoning, String text) {
    turns.get(index).grow(reasoning, text);
    listeners.forEach(listener -> listener.grew(index, reasoning, text));
  }

  void change(int index, UnaryOperator<Turn.Head> how) {
    Turn turn = turns.get(index);
    turn.set(how.apply(turn.head()));
    listeners.forEach(listener -> listener.headChanged(index));
  }
}
