package dragoman.client;

/** Why there is no daemon to run. {@link #detail} is the system's or the program's own words. */
public final class DaemonProblem extends RuntimeException {
  public enum Reason {
    /** Nowhere to be found: neither bundled nor on PATH. */
    MISSING,
    /** Not where the setting says. */
    NOT_FOUND,
    /** It does not run, or is no dragoman. */
    BROKEN,
    /** It speaks an older protocol than the plugin; {@link #detail} is its version. */
    OLD,
    /** It speaks a newer protocol than the plugin; {@link #detail} is its version. */
    NEW,
    /** It ended too often in a row, and is left alone. */
    ENDED
  }

  private final Reason reason;
  private final String path;
  private final String detail;

  DaemonProblem(Reason reason, String path, String detail) {
    super(explain(reason, path, detail), null, false, false);
    this.reason = reason;
    this.path = path;
    this.detail = detail;
  }

  public Reason reason() {
    return reason;
  }

  /** The program, or "". */
  public String path() {
    return path;
  }

  /** Or "". */
  public String detail() {
    return detail;
  }

  /** In English, for logs and exceptions; what a person sees comes from the plugin's message bundles. */
  private static String explain(Reason reason, String path, String detail) {
    return switch (reason) {
      case MISSING -> "The dragoman program is not installed: it is neither bundled for this system nor on PATH.";
      case NOT_FOUND -> "The settings name " + path + ", and there is no such program.";
      case BROKEN -> path + " does not run: " + detail;
      case OLD -> path + " is version " + detail + ", which is too old for this plugin. Install a newer one.";
      case NEW -> path + " is version " + detail + ", which is too new for this plugin. Update the plugin.";
      case ENDED -> "The dragoman daemon ended several times in a row.";
    };
  }
}
