package dragoman.ide.edit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * What differs between two texts, by lines: how code of an answer becomes hunks. Pure.
 *
 * <p>The lines that stay are found by Myers, "An O(ND) Difference Algorithm and Its Variations", greedy and forwards.
 */
final class LineDiff {
  /** Beyond this many differing lines one change takes all: the search is quadratic in them. */
  private static final int MOST_EDITS = 1_500;

  /** A pair of lines that stay. */
  private record Pair(int old, int now) {}

  private final List<String> old;
  private final List<String> now;

  private LineDiff(List<String> old, List<String> now) {
    this.old = old;
    this.now = now;
  }

  /** Changes that turn {@code before} into {@code after}, in order. Lines that stay are in none of them. */
  static List<Texts.Change> of(String before, String after) {
    List<String> old = lines(before);
    List<String> now = lines(after);
    int shorter = Math.min(old.size(), now.size());
    int head = 0;
    while (head < shorter && old.get(head).equals(now.get(head))) ++head;
    int tail = 0;
    while (tail < shorter - head && old.get(old.size() - 1 - tail).equals(now.get(now.size() - 1 - tail))) ++tail;
    int offset = length(old, 0, head);
    return new LineDiff(old.subList(head, old.size() - tail), now.subList(head, now.size() - tail)).changes(offset);
  }

  private List<Texts.Change> changes(int offset) {
    List<Pair> stay = new ArrayList<>(common());
    stay.add(new Pair(old.size(), now.size()));
    List<Texts.Change> out = new ArrayList<>();
    int i = 0;
    int j = 0;
    for (Pair next : stay) {
      int removed = length(old, i, next.old());
      String text = String.join("", now.subList(j, next.now()));
      if (removed > 0 || !text.isEmpty()) out.add(new Texts.Change(offset, offset + removed, text));
      offset += removed + (next.old() < old.size() ? old.get(next.old()).length() : 0);
      i = next.old() + 1;
      j = next.now() + 1;
    }
    return out;
  }

  /** The pairs of lines that stay, in order; none where too much differs. */
  private Deque<Pair> common() {
    int most = Math.min(old.size() + now.size(), MOST_EDITS);
    int middle = most + 1;
    int[] reach = new int[2 * middle + 1]; // by diagonal: how far in `old` so many edits lead
    Arrays.fill(reach, -1);
    reach[middle + 1] = 0;
    List<int[]> trace = new ArrayList<>();
    for (int edits = 0; edits <= most; ++edits) {
      trace.add(Arrays.copyOfRange(reach, middle - edits - 1, middle + edits + 2));
      for (int k = -edits; k <= edits; k += 2) {
        int x = step(reach, middle + k, k, edits);
        while (x < old.size() && x - k < now.size() && old.get(x).equals(now.get(x - k))) ++x;
        reach[middle + k] = x;
        if (x >= old.size() && x - k >= now.size()) return walk(trace);
      }
    }
    return new ArrayDeque<>();
  }

  /** Where diagonal {@code k}, at {@code at} of {@code reach}, begins with one edit more than {@code reach} has. */
  private static int step(int[] reach, int at, int k, int edits) {
    boolean down = k == -edits || (k != edits && reach[at - 1] < reach[at + 1]);
    return down ? reach[at + 1] : reach[at - 1] + 1;
  }

  /** The way back; {@code trace} holds, for each number of edits, the diagonals around what it had reached before. */
  private Deque<Pair> walk(List<int[]> trace) {
    Deque<Pair> pairs = new ArrayDeque<>();
    int x = old.size();
    int y = now.size();
    for (int edits = trace.size() - 1; edits >= 0; --edits) {
      int[] reach = trace.get(edits);
      int k = x - y;
      int at = k + edits + 1;
      int from = step(reach, at, k, edits);
      while (x > from) pairs.addFirst(new Pair(--x, --y));
      if (edits == 0) break;
      boolean down = k == -edits || (k != edits && reach[at - 1] < reach[at + 1]);
      if (down) --y;
      else --x;
    }
    return pairs;
  }

  /** With their ends. */
  private static List<String> lines(String text) {
    List<String> out = new ArrayList<>();
    for (int start = 0; start < text.length(); ) {
      int end = text.indexOf('\n', start);
      end = end == -1 ? text.length() : end + 1;
      out.add(text.substring(start, end));
      start = end;
    }
    return out;
  }

  private static int length(List<String> lines, int from, int to) {
    int out = 0;
    for (String line : lines.subList(from, to)) out += line.length();
    return out;
  }
}
