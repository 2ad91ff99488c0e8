package dragoman.chat.view;

/** What a chat asks of the program around it. Called on the UI thread. */
public interface Desk extends CodeActions {
  /** Asks a person whether to open it, and opens it in a browser. {@code url} is http or https. */
  void openLink(String url);

  /** Asks what the next question takes along. */
  void attach();

  /** Asks which model the next question goes to. */
  void chooseModel();

  /** Shows a failure; {@code reason} as a future gives it. */
  void report(Throwable reason);
}
