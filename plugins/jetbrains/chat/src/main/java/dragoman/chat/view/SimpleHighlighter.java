package dragoman.chat.view;

import java.awt.Color;
import java.awt.Font;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Comments, strings, numbers and keywords of languages that the IDE has no highlighter for: an IDE for one language shows
 * answers in all of them. One pass over the text; what a language is, is the table below.
 */
public final class SimpleHighlighter implements Highlighter {
  /** {@code open} "" where there is no such comment. {@code quotes}: the characters that strings begin and end with. */
  private record Grammar(String line, String open, String close, String quotes, Set<String> keywords) {}

  private static final String CURLY =
      "abstract as async await boolean break byte case catch char class const continue default delete do double else enum"
          + " export extends false final finally float for foreach from func fn function go if impl implements import in"
          + " instanceof int interface internal is let long loop match mod mut namespace new nil null object of operator"
          + " override package private protected pub public readonly ref return sealed self short static string struct"
          + " super switch this throw throws trait true try type typeof undefined unsafe use using val var virtual void"
          + " volatile when where while with yield auto bool constexpr template typename unsigned nullptr defer chan map"
          + " range select guard extension protocol";
  private static final String SCRIPT =
      "and as assert async await break case class continue def del do done elif else end ensure esac except export False"
          + " false fi finally for from function global if import in is lambda local module nil None nonlocal not or pass"
          + " raise require rescue return select self set then True true try unless unset until when while with yield";
  private static final String SQL =
      "add all alter and as asc between by case create cross delete desc distinct drop else end exists false from full"
          + " group having in index inner insert into is join key left like limit not null on or order outer primary"
          + " references right select set table then true union unique update using values view when where with";

  private static final Map<String, Grammar> GRAMMARS = new HashMap<>();

  static {
    put(new Grammar("//", "/*", "*/", "\"'`", words(CURLY)),
        "java kotlin kt scala c cpp c++ cxx h hpp cs csharp javascript js jsx typescript ts tsx go rust rs swift dart php"
            + " groovy json jsonc json5 objective-c objc proto zig gradle");
    put(new Grammar("//", "/*", "*/", "\"'", Set.of()), "css scss less");
    put(new Grammar("#", "", "", "\"'", words(SCRIPT)),
        "python py ruby rb sh bash zsh shell fish perl r yaml yml toml ini dockerfile makefile make cmake julia elixir");
    put(new Grammar("--", "/*", "*/", "'\"", words(SQL)), "sql mysql postgresql plsql");
    put(new Grammar("--", "--[[", "]]", "\"'", words(SCRIPT)), "lua");
    put(new Grammar("", "<!--", "-->", "\"'", Set.of()), "html xml svg vue");
  }

  private final Look look;

  public SimpleHighlighter(Look look) {
    this.look = look;
  }

  @Override
  public List<Run> runs(String code, String language) {
    Grammar grammar = GRAMMARS.get(language.toLowerCase(Locale.ROOT));
    List<Run> runs = new ArrayList<>();
    if (grammar == null) return runs;
    for (int at = 0; at < code.length(); ) at = next(code, at, grammar, runs);
    return runs;
  }

  /** Reads what stands at {@code at}; the place behind it. */
  private int next(String code, int at, Grammar grammar, List<Run> runs) {
    char c = code.charAt(at);
    if (starts(code, at, grammar.open)) {
      int end = code.indexOf(grammar.close, at + grammar.open.length());
      return add(runs, at, end == -1 ? code.length() : end + grammar.close.length(), look.comment(), Font.ITALIC);
    }
    if (starts(code, at, grammar.line) && (!grammar.line.equals("#") || at == 0 || code.charAt(at - 1) <= ' '))
      return add(runs, at, lineEnd(code, at), look.comment(), Font.ITALIC);
    if (grammar.quotes.indexOf(c) >= 0) return add(runs, at, stringEnd(code, at), look.string(), Font.PLAIN);
    if (!Character.isJavaIdentifierPart(c)) return at + 1;
    int end = at + 1;
    while (end < code.length() && Character.isJavaIdentifierPart(code.charAt(end))) ++end;
    if (Character.isDigit(c)) return add(runs, at, end, look.number(), Font.PLAIN);
    String word = code.substring(at, end);
    boolean known =
        grammar.keywords.contains(word)
            || (grammar.line.equals("--") && grammar.keywords.contains(word.toLowerCase(Locale.ROOT)));
    return known ? add(runs, at, end, look.keyword(), Font.PLAIN) : end;
  }

  private static boolean starts(String code, int at, String what) {
    return !what.isEmpty() && code.startsWith(what, at);
  }

  private static int lineEnd(String code, int at) {
    int end = code.indexOf('\n', at);
    return end == -1 ? code.length() : end;
  }

  /** A string ends with its quote, or with its line: an apostrophe in a text colours no more than that. */
  private static int stringEnd(String code, int at) {
    char quote = code.charAt(at);
    for (int i = at + 1; i < code.length(); ++i) {
      char c = code.charAt(i);
      if (c == '\\') ++i;
      else if (c == quote) return i + 1;
      else if (c == '\n' && quote != '`') return i;
    }
    return code.length();
  }

  private static int add(List<Run> runs, int start, int end, Color color, int style) {
    runs.add(new Run(start, end, color, style));
    return end;
  }

  private static Set<String> words(String list) {
    return Set.of(list.split(" "));
  }

  private static void put(Grammar grammar, String names) {
    for (String name : names.split(" ")) GRAMMARS.put(name, grammar);
  }
}
