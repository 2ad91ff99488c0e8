package dragoman.chat.view;

/** What a person can do with code of an answer. Nothing of it is run, and a file changes only by their acceptance. */
public interface CodeActions {
  void copy(String code);

  /** At the cursor of the editor that was used last. */
  void insert(String code);

  /** As a diff over the file, to accept or discard. */
  void apply(String code);
}
