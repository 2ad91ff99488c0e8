package dragoman.ide.chat;

import com.intellij.lexer.Lexer;
import com.intellij.openapi.diagnostic.Logger;
import com.intellij.openapi.editor.colors.EditorColorsManager;
import com.intellij.openapi.editor.colors.EditorColorsScheme;
import com.intellij.openapi.editor.colors.TextAttributesKey;
import com.intellij.openapi.editor.markup.TextAttributes;
import com.intellij.openapi.fileTypes.FileType;
import com.intellij.openapi.fileTypes.FileTypeManager;
import com.intellij.openapi.fileTypes.SyntaxHighlighter;
import com.intellij.openapi.fileTypes.SyntaxHighlighterFactory;
import com.intellij.openapi.project.Project;
import dragoman.chat.view.Highlighter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Colours code as the IDE's editor does, where the IDE knows the language: by its lexer alone, so nothing is parsed. */
final class IdeHighlighter implements Highlighter {
  /** What stands behind a fence, where it is not the extension itself. */
  private static final Map<String, String> EXTENSIONS =
      Map.ofEntries(
          Map.entry("bash", "sh"),
          Map.entry("c++", "cpp"),
          Map.entry("csharp", "cs"),
          Map.entry("golang", "go"),
          Map.entry("javascript", "js"),
          Map.entry("jsonc", "json"),
          Map.entry("kotlin", "kt"),
          Map.entry("markdown", "md"),
          Map.entry("objective-c", "m"),
          Map.entry("perl", "pl"),
          Map.entry("powershell", "ps1"),
          Map.entry("python", "py"),
          Map.entry("ruby", "rb"),
          Map.entry("rust", "rs"),
          Map.entry("shell", "sh"),
          Map.entry("typescript", "ts"),
          Map.entry("yaml", "yml"),
          Map.entry("zsh", "sh"));

  private static final Logger LOG = Logger.getInstance(IdeHighlighter.class);

  private final Project project;

  IdeHighlighter(Project project) {
    this.project = project;
  }

  @Override
  public List<Run> runs(String code, String language) {
    List<Run> runs = new ArrayList<>();
    SyntaxHighlighter highlighter = of(language.toLowerCase(Locale.ROOT));
    if (highlighter == null) return runs;
    try {
      read(code, highlighter, runs);
    } catch (RuntimeException broken) {
      // A lexer that trips over half a program: what it has coloured so far will do.
      LOG.info("no colours for " + language + ": " + broken.getClass().getName());
    }
    return runs;
  }

  private static void read(String code, SyntaxHighlighter highlighter, List<Run> runs) {
    EditorColorsScheme scheme = EditorColorsManager.getInstance().getGlobalScheme();
    Lexer lexer = highlighter.getHighlightingLexer();
    for (lexer.start(code); lexer.getTokenType() != null; lexer.advance()) {
      TextAttributes look = null;
      for (TextAttributesKey key : highlighter.getTokenHighlights(lexer.getTokenType())) {
        TextAttributes attributes = scheme.getAttributes(key);
        if (attributes != null && attributes.getForegroundColor() != null) look = attributes; // the last one is on top
      }
      if (look != null)
        runs.add(new Run(lexer.getTokenStart(), lexer.getTokenEnd(), look.getForegroundColor(), look.getFontType()));
    }
  }

  private SyntaxHighlighter of(String language) {
    if (language.isEmpty()) return null;
    FileType type = FileTypeManager.getInstance().getFileTypeByExtension(EXTENSIONS.getOrDefault(language, language));
    boolean known = type != null && !type.getName().equals("UNKNOWN") && !type.getName().equals("PLAIN_TEXT");
    return known ? SyntaxHighlighterFactory.getSyntaxHighlighter(type, project, null) : null;
  }
}
