package dragoman.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.objectweb.asm.Opcodes;

/**
 * Whether the plugin would link: every class and member of the platform that its code names has to be there, and nothing
 * abstract that it implements may be left out.
 *
 * <pre>
 * LinkCheck stubs PLUGIN STUBS PROVENANCE   against the stubs, each of which has to have a row in PROVENANCE
 * LinkCheck older PLUGIN JARS PROVENANCE    against an older platform's jars: what they lack has to be marked as newer
 * LinkCheck ide   PLUGIN FOLDER             against an installed IDE, which has the last word
 * </pre>
 *
 * PLUGIN is the folder of the plugin's own jars. A row of PROVENANCE is a class or {@code class#member}, and behind a blank
 * where its signatures were read; {@code newer} before that: not in the older platform. Exits with 1 and a line for each
 * finding.
 */
public final class LinkCheck {
  private record Row(String name, boolean newer) {}

  private final Classes plugin = new Classes();
  private final List<String> findings = new ArrayList<>();

  private LinkCheck(Path jars) throws IOException {
    try (var found = Files.list(jars)) {
      for (Path jar : (Iterable<Path>) found.filter(file -> file.getFileName().toString().startsWith("dragoman-"))::iterator)
        plugin.add(jar);
    }
    if (plugin.all().isEmpty()) throw new IllegalArgumentException("no dragoman-*.jar in " + jars);
  }

  public static void main(String[] arguments) throws IOException {
    List<String> findings = run(arguments);
    findings.forEach(System.out::println);
    System.out.println("link check, " + arguments[0] + ": " + findings.size() + " findings");
    System.exit(findings.isEmpty() ? 0 : 1);
  }

  /** As on the command line; returns the findings. */
  static List<String> run(String... arguments) throws IOException {
    LinkCheck check = new LinkCheck(Path.of(arguments[1]));
    Path against = Path.of(arguments[2]);
    switch (arguments[0]) {
      case "stubs" -> check.againstStubs(against, rows(Path.of(arguments[3])));
      case "older" -> check.againstOlder(against, rows(Path.of(arguments[3])));
      case "ide" -> check.againstIde(against);
      default -> throw new IllegalArgumentException(arguments[0]);
    }
    return check.findings;
  }

  private void againstStubs(Path stubs, List<Row> rows) throws IOException {
    Set<String> named = new HashSet<>();
    for (Row row : rows) named.add(row.name());
    Set<Uses.Use> uses = Uses.in(plugin);
    Set<String> used = new TreeSet<>();
    for (Uses.Use use : uses) used.add(outer(use.owner()));
    for (String name : used) if (!named.contains(name)) findings.add("no provenance: " + name);
    for (String name : named)
      if (!used.contains(outer(name.replaceFirst("#.*", "")))) findings.add("a row for what nobody uses: " + name);
    link(uses, new Classes().add(stubs), false);
  }

  private void againstOlder(Path jars, List<Row> rows) throws IOException {
    Set<String> newer = new HashSet<>();
    for (Row row : rows) if (row.newer()) newer.add(row.name());
    Classes older = new Classes();
    try (var found = Files.list(jars)) {
      for (Path jar : (Iterable<Path>) found.filter(LinkCheck::isPlatform).sorted()::iterator) older.add(jar);
    }
    Set<Uses.Use> uses = Uses.in(plugin);
    uses.removeIf(use -> newer.contains(use.owner()) || newer.contains(use.owner() + "#" + methodOf(use.member())));
    link(uses, older, true);
  }

  private void againstIde(Path ide) throws IOException {
    // The platform's own jars; what the plugin uses is in none of the IDE's plugins.
    Classes classes = new Classes().addJars(ide.resolve("lib"));
    link(Uses.in(plugin), classes, false);
  }

  /** @param partial a class that is not there at all is no finding */
  private void link(Set<Uses.Use> uses, Classes platform, boolean partial) {
    for (Uses.Use use : uses) {
      boolean known = platform.info(use.owner()) != null;
      if (!known && partial) continue;
      if (!known) {
        if (use.member().isEmpty()) findings.add("no class: " + use);
      } else if (!use.member().isEmpty() && !platform.has(use.owner(), use.member())) {
        findings.add("no member: " + use);
      }
    }
    if (!partial) implemented(platform);
  }

  private void implemented(Classes platform) {
    Classes all = new Classes().add(plugin).add(platform);
    for (String name : plugin.all().keySet()) {
      if (all.info(name).is(Opcodes.ACC_ABSTRACT) || all.info(name).is(Opcodes.ACC_INTERFACE)) continue;
      Set<String> there = new HashSet<>();
      Set<String> wanted = new TreeSet<>();
      for (String parent : all.lineage(name)) {
        Classes.Info info = all.info(parent);
        if (info == null) continue;
        for (String member : info.members()) if (!info.abstracts().contains(member)) there.add(member);
        if (platform.all().containsKey(parent)) wanted.addAll(info.abstracts());
      }
      wanted.removeAll(there);
      for (String member : wanted) findings.add("not implemented: " + name + "#" + member);
    }
  }

  private static List<Row> rows(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("//"))
        .map(line -> line.split("\\s+", 3))
        .map(words -> new Row(words[0].replace('.', '/'), words[1].equals("newer")))
        .toList();
  }

  private static boolean isPlatform(Path file) {
    return file.getFileName().toString().matches("intellij-.*\\.jar") && !Files.isSymbolicLink(file);
  }

  /** The class of a file: nested ones stand in the row of the one around them. */
  private static String outer(String name) {
    int dollar = name.indexOf('$');
    return dollar < 0 ? name : name.substring(0, dollar);
  }

  private static String methodOf(String member) {
    return member.replaceFirst("[(:].*", "");
  }
}
