package dragoman.chat;

import dragoman.client.Protocol.ContextItem;
import java.net.URI;
import java.util.function.UnaryOperator;
import org.eclipse.lsp4j.Position;

/** Something that a question takes along, and how it is called. */
public record Attachment(String name, ContextItem item) {
  /** {@code shorten} turns a URI into the path that a person knows, as from the project's folder. */
  public static Attachment of(ContextItem item, Words words, UnaryOperator<String> shorten) {
    return new Attachment(name(item, words, shorten), item);
  }

  static String name(ContextItem item, Words words, UnaryOperator<String> shorten) {
    switch (item.kind()) {
      case "file":
        return shorten.apply(item.uri());
      case "range":
        return shorten.apply(item.uri()) + ":" + lines(item);
      case "diagnostics":
        return words.get(
            "attach.problemsOf", item.diagnostics() == null ? 0 : item.diagnostics().size(), shorten.apply(item.uri()));
      case "gitDiff":
        return words.get(Boolean.TRUE.equals(item.staged()) ? "attach.staged" : "attach.changes");
      case "image":
        return words.get("image");
      default:
        return item.label() == null ? words.get("attach.text") : item.label();
    }
  }

  /** The last part of a URI's path, for want of a project. */
  public static String lastPart(String uri) {
    try {
      String path = URI.create(uri).getPath();
      if (path == null || path.length() < 2) return uri;
      String name = path.endsWith("/") ? path.substring(0, path.length() - 1) : path; // as a folder's ends
      return name.substring(name.lastIndexOf('/') + 1);
    } catch (IllegalArgumentException notOne) {
      return uri;
    }
  }

  /** Counted from one. A selection of whole lines ends before the first character of the next one. */
  private static String lines(ContextItem item) {
    Position start = item.range().getStart();
    Position end = item.range().getEnd();
    int first = start.getLine() + 1;
    int last = end.getCharacter() == 0 && end.getLine() > start.getLine() ? end.getLine() : end.getLine() + 1;
    return last > first ? first + "-" + last : String.valueOf(first);
  }
}
