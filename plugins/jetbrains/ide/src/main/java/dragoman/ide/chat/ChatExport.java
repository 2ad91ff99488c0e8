package dragoman.ide.chat;

import com.intellij.openapi.application.ApplicationManager;
import dragoman.ide.DragomanBundle;
import dragoman.ide.Question;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import javax.swing.JFileChooser;
import javax.swing.filechooser.FileNameExtensionFilter;

/**
 * A conversation written where a person says: as Markdown, or as JSON where the name ends so. Over a file that is there
 * already only if they say that, too.
 */
final class ChatExport {
  /** Where it goes; {@code replaces} whether a file is there that may be lost. */
  record Target(Path path, boolean replaces) {}

  private ChatExport() {}

  static void run(ChatService service, String conversation, String title) {
    String base = service.project().getBasePath();
    JFileChooser chooser = new JFileChooser(base);
    chooser.setFileFilter(new FileNameExtensionFilter("Markdown, JSON", "md", "json"));
    Path proposed = proposed(chooser.getCurrentDirectory().toPath(), title);
    Target target = choose(proposed, path -> show(service, chooser, path), path -> mayReplace(service, path));
    if (target == null) return;
    String format = target.path().toString().endsWith(".json") ? "json" : "markdown";
    service
        .backend()
        .export(conversation, format)
        .thenAcceptAsync(text -> write(target, text.text()), ApplicationManager.getApplication()::executeOnPooledThread)
        .exceptionally(reason -> {
          service.report(reason);
          return null;
        });
  }

  /** A name after {@code title} that no file of {@code folder} has. */
  static Path proposed(Path folder, String title) {
    String letters = title.replaceAll("[^\\p{L}\\p{N}]+", "-").replaceAll("^-+|-+$", "");
    String name = letters.isEmpty() ? "chat" : letters;
    Path path = folder.resolve(name + ".md");
    for (int number = 2; Files.exists(path); ++number) path = folder.resolve(name + "-" + number + ".md");
    return path;
  }

  /**
   * Where a person wants it, or null.
   *
   * @param ask shows a path and gives the one that was chosen in its place, or null
   * @param mayReplace whether the file that is there may be lost; if not, {@code ask} has another turn
   */
  static Target choose(Path proposed, UnaryOperator<Path> ask, Predicate<Path> mayReplace) {
    for (Path path = ask.apply(proposed); path != null; path = ask.apply(path)) {
      boolean there = Files.exists(path);
      if (!there || mayReplace.test(path)) return new Target(path, there);
    }
    return null;
  }

  /** A file that has come there since a person was asked is not lost either. */
  static void write(Target target, String text) {
    OpenOption how = target.replaces() ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.CREATE_NEW;
    try {
      Files.writeString(target.path(), text, StandardOpenOption.CREATE, StandardOpenOption.WRITE, how);
    } catch (IOException reason) {
      throw new UncheckedIOException(
          "The conversation was not written to " + target.path() + ": " + reason.getMessage(), reason);
    }
  }

  private static Path show(ChatService service, JFileChooser chooser, Path path) {
    chooser.setSelectedFile(path.toFile());
    boolean chosen = chooser.showSaveDialog(service.view()) == JFileChooser.APPROVE_OPTION;
    return chosen ? chooser.getSelectedFile().toPath() : null;
  }

  private static boolean mayReplace(ChatService service, Path path) {
    return Question.ask(
        service.project(),
        DragomanBundle.message("chat.export.replace.title"),
        DragomanBundle.message("chat.export.replace"),
        path.toString(),
        DragomanBundle.message("chat.export.replace.yes"));
  }
}
