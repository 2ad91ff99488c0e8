package dragoman.ide.chat;

import com.intellij.openapi.application.ApplicationManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.swing.JFileChooser;
import javax.swing.filechooser.FileNameExtensionFilter;

/** A conversation written where a person says: as Markdown, or as JSON where the name ends so. */
final class ChatExport {
  private ChatExport() {}

  static void run(ChatService service, String conversation, String title) {
    String base = service.project().getBasePath();
    JFileChooser chooser = new JFileChooser(base);
    chooser.setFileFilter(new FileNameExtensionFilter("Markdown, JSON", "md", "json"));
    chooser.setSelectedFile(new java.io.File(chooser.getCurrentDirectory(), fileName(title)));
    if (chooser.showSaveDialog(service.view()) != JFileChooser.APPROVE_OPTION) return;
    Path target = chooser.getSelectedFile().toPath();
    String format = target.toString().endsWith(".json") ? "json" : "markdown";
    service
        .backend()
        .export(conversation, format)
        .thenAcceptAsync(text -> write(target, text.text()), ApplicationManager.getApplication()::executeOnPooledThread)
        .exceptionally(reason -> {
          service.report(reason);
          return null;
        });
  }

  static String fileName(String title) {
    String name = title.replaceAll("[^\\p{L}\\p{N}]+", "-").replaceAll("^-+|-+$", "");
    return (name.isEmpty() ? "chat" : name) + ".md";
  }

  private static void write(Path target, String text) {
    try {
      Files.writeString(target, text);
    } catch (IOException reason) {
      throw new UncheckedIOException("The conversation was not written to " + target + ": " + reason.getMessage(), reason);
    }
  }
}
