package dragoman.ide;

import com.intellij.openapi.vfs.VirtualFile;
import java.util.Locale;
import java.util.Map;

/** LSP's language identifiers by file name. By name and not by the IDE's file type: which types there are depends on its edition and plugins. */
final class Languages {
  private static final Map<String, String> BY_NAME =
      Map.of("dockerfile", "dockerfile", "makefile", "makefile", "gnumakefile", "makefile", "cmakelists.txt", "cmake");

  /** Where the identifier is not the extension itself. */
  private static final Map<String, String> BY_EXTENSION =
      Map.ofEntries(
          Map.entry("bash", "shellscript"),
          Map.entry("bat", "bat"),
          Map.entry("cc", "cpp"),
          Map.entry("cjs", "javascript"),
          Map.entry("clj", "clojure"),
          Map.entry("cs", "csharp"),
          Map.entry("cxx", "cpp"),
          Map.entry("erl", "erlang"),
          Map.entry("ex", "elixir"),
          Map.entry("exs", "elixir"),
          Map.entry("fs", "fsharp"),
          Map.entry("h", "c"),
          Map.entry("hh", "cpp"),
          Map.entry("hpp", "cpp"),
          Map.entry("hs", "haskell"),
          Map.entry("htm", "html"),
          Map.entry("hxx", "cpp"),
          Map.entry("jl", "julia"),
          Map.entry("js", "javascript"),
          Map.entry("jsx", "javascriptreact"),
          Map.entry("kt", "kotlin"),
          Map.entry("kts", "kotlin"),
          Map.entry("m", "objective-c"),
          Map.entry("md", "markdown"),
          Map.entry("mjs", "javascript"),
          Map.entry("ml", "ocaml"),
          Map.entry("mm", "objective-cpp"),
          Map.entry("mts", "typescript"),
          Map.entry("pl", "perl"),
          Map.entry("ps1", "powershell"),
          Map.entry("py", "python"),
          Map.entry("pyi", "python"),
          Map.entry("rb", "ruby"),
          Map.entry("rs", "rust"),
          Map.entry("sh", "shellscript"),
          Map.entry("tex", "latex"),
          Map.entry("ts", "typescript"),
          Map.entry("tsx", "typescriptreact"),
          Map.entry("txt", "plaintext"),
          Map.entry("vb", "vb"),
          Map.entry("yml", "yaml"),
          Map.entry("zsh", "shellscript"));

  private Languages() {}

  static String idOf(VirtualFile file) {
    String byName = BY_NAME.get(file.getName().toLowerCase(Locale.ROOT));
    if (byName != null) return byName;
    String extension = file.getExtension();
    if (extension == null || extension.isEmpty()) return "plaintext";
    String lower = extension.toLowerCase(Locale.ROOT);
    return BY_EXTENSION.getOrDefault(lower, lower);
  }
}
