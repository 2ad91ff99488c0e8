package dragoman.ide;

/** Where the sentences come from, for what is pure; {@link DragomanBundle#message} in an IDE. */
public interface Sentences {
  String get(String key, Object... params);
}
