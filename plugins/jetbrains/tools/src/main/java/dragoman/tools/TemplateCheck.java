package dragoman.tools;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Whether a folder is a template that LSP4IJ imports: its files by name, the fields of template.json by name and shape. The
 * lists are those of LSP4IJ 0.20 (ServerTemplate and LanguageServerTemplate in its sources, and its page on templates).
 *
 * <pre>
 * TemplateCheck FOLDER
 * </pre>
 */
public final class TemplateCheck {
  private static final Set<String> FILES =
      Set.of(
          "template.json",
          "settings.json",
          "settings.schema.json",
          "initializationOptions.json",
          "experimental.json",
          "clientSettings.json",
          "workspaceFolderSettings.json",
          "installer.json",
          "README.md");

  private static final Predicate<JsonElement> TEXT =
      value -> value.isJsonPrimitive() && value.getAsJsonPrimitive().isString();
  private static final Predicate<JsonElement> FLAG =
      value -> value.isJsonPrimitive() && value.getAsJsonPrimitive().isBoolean();
  private static final Predicate<JsonElement> OBJECT = JsonElement::isJsonObject;
  private static final Predicate<JsonElement> ARRAY = JsonElement::isJsonArray;

  private static final Map<String, Predicate<JsonElement>> TEMPLATE =
      Map.ofEntries(
          Map.entry("id", TEXT),
          Map.entry("name", TEXT),
          Map.entry("description", TEXT),
          Map.entry("url", TEXT),
          Map.entry("programArgs", OBJECT),
          Map.entry("workingDir", OBJECT),
          Map.entry("env", OBJECT),
          Map.entry("expandConfiguration", FLAG),
          Map.entry("languageMappings", ARRAY),
          Map.entry("fileTypeMappings", ARRAY),
          Map.entry("disablePromotionFor", ARRAY));
  private static final Map<String, Predicate<JsonElement>> SYSTEMS =
      Map.of("default", TEXT, "windows", TEXT, "mac", TEXT, "unix", TEXT);
  private static final Map<String, Predicate<JsonElement>> ENVIRONMENT =
      Map.of("includeSystemEnvironmentVariables", FLAG, "variables", OBJECT);
  private static final Map<String, Predicate<JsonElement>> FILE_TYPE_MAPPING =
      Map.of("fileType", OBJECT, "languageId", TEXT);
  private static final Map<String, Predicate<JsonElement>> FILE_TYPE = Map.of("name", TEXT, "patterns", ARRAY);

  private final List<String> findings = new ArrayList<>();

  private TemplateCheck() {}

  public static void main(String[] arguments) throws IOException {
    List<String> findings = run(Path.of(arguments[0]));
    findings.forEach(System.out::println);
    System.out.println("template check: " + findings.size() + " findings");
    System.exit(findings.isEmpty() ? 0 : 1);
  }

  /** The findings in {@code folder}. */
  static List<String> run(Path folder) throws IOException {
    TemplateCheck check = new TemplateCheck();
    check.check(folder);
    return check.findings;
  }

  private void check(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files.sorted()::iterator) {
        String name = file.getFileName().toString();
        if (!FILES.contains(name)) findings.add("LSP4IJ reads no file of this name: " + name);
        if (name.endsWith(".json")) read(file);
      }
    }
    JsonObject template = read(folder.resolve("template.json"));
    fields("template.json", template, TEMPLATE, "id", "name", "programArgs");
    fields("programArgs", object(template, "programArgs"), SYSTEMS, "default");
    fields("env", object(template, "env"), ENVIRONMENT);
    mappings(template);
  }

  private void mappings(JsonObject template) {
    Set<String> seen = new HashSet<>();
    if (!template.has("fileTypeMappings")) return;
    for (JsonElement one : template.getAsJsonArray("fileTypeMappings")) {
      JsonObject mapping = one.getAsJsonObject();
      fields("fileTypeMappings", mapping, FILE_TYPE_MAPPING, "fileType", "languageId");
      JsonObject type = object(mapping, "fileType");
      fields("fileType", type, FILE_TYPE);
      if (type.isEmpty()) findings.add("a file type with neither name nor patterns: " + mapping);
      if (type.has("patterns"))
        for (JsonElement pattern : type.getAsJsonArray("patterns"))
          if (!seen.add(pattern.getAsString())) findings.add("mapped twice: " + pattern.getAsString());
    }
  }

  private void fields(String where, JsonObject object, Map<String, Predicate<JsonElement>> known, String... wanted) {
    for (String field : wanted) if (!object.has(field)) findings.add(where + " lacks " + field);
    for (String field : object.keySet()) {
      Predicate<JsonElement> shape = known.get(field);
      if (shape == null) findings.add(where + " has a field that LSP4IJ does not know: " + field);
      else if (!shape.test(object.get(field))) findings.add(where + "." + field + " has another shape");
    }
  }

  private static JsonObject object(JsonObject parent, String field) {
    JsonElement found = parent.get(field);
    return found != null && found.isJsonObject() ? found.getAsJsonObject() : new JsonObject();
  }

  private JsonObject read(Path file) throws IOException {
    try {
      return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException broken) {
      findings.add(file.getFileName() + " is no JSON object: " + broken.getMessage());
      return new JsonObject();
    }
  }
}
