package dragoman.tools;

import com.jetbrains.plugin.structure.base.plugin.PluginCreationFail;
import com.jetbrains.plugin.structure.base.plugin.PluginCreationResult;
import com.jetbrains.plugin.structure.base.plugin.PluginCreationSuccess;
import com.jetbrains.plugin.structure.base.problems.PluginProblem;
import com.jetbrains.plugin.structure.intellij.plugin.IdePlugin;
import com.jetbrains.plugin.structure.intellij.plugin.IdePluginManager;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Whether an IDE would take the plugin's zip: JetBrains' own structure library reads it as the Marketplace does, and each
 * class that the descriptor names has to load, to be of the right type, and to have a constructor that the IDE can call.
 *
 * <pre>
 * DescriptorCheck ZIP STUBS...   STUBS: what the plugin's classes are loaded with
 * </pre>
 */
public final class DescriptorCheck {
  /** What the class of an element has to be. */
  private static final Map<String, String> TYPES =
      Map.of(
          "toolWindow", "com.intellij.openapi.wm.ToolWindowFactory",
          "postStartupActivity", "com.intellij.openapi.startup.ProjectActivity",
          "inline.completion.provider", "com.intellij.codeInsight.inline.completion.InlineCompletionProvider",
          "actionPromoter", "com.intellij.openapi.actionSystem.ActionPromoter",
          "intentionAction", "com.intellij.codeInsight.intention.IntentionAction",
          "statusBarWidgetFactory", "com.intellij.openapi.wm.StatusBarWidgetFactory",
          "action", "com.intellij.openapi.actionSystem.AnAction");

  private static final List<String> ATTRIBUTES =
      List.of("serviceImplementation", "implementation", "implementationClass", "factoryClass", "class", "instance");

  private final List<String> findings = new ArrayList<>();
  private final List<URL> jars = new ArrayList<>();

  /** The descriptor, and those that it names for optional dependencies. */
  private final List<byte[]> descriptors = new ArrayList<>();

  private int named;

  private DescriptorCheck() {}

  public static void main(String[] arguments) throws Exception {
    DescriptorCheck check = new DescriptorCheck();
    for (int i = 1; i < arguments.length; ++i) check.jars.add(Path.of(arguments[i]).toUri().toURL());
    Path zip = Path.of(arguments[0]);
    check.asTheMarketplace(zip);
    Path unpacked = Files.createTempDirectory("dragoman-plugin");
    check.unpack(zip, unpacked);
    try (URLClassLoader loader = new URLClassLoader(check.jars.toArray(new URL[0]))) {
      for (byte[] descriptor : check.descriptors) check.classes(descriptor, loader);
    }
    check.findings.forEach(System.out::println);
    System.out.println(
        "descriptor check: " + check.named + " classes named, " + check.findings.size() + " findings");
    System.exit(check.findings.isEmpty() ? 0 : 1);
  }

  private void asTheMarketplace(Path zip) {
    PluginCreationResult<IdePlugin> result = IdePluginManager.createManager().createPlugin(zip);
    List<PluginProblem> problems =
        result instanceof PluginCreationSuccess<IdePlugin> success
            ? concat(success.getWarnings(), success.getUnacceptableWarnings())
            : ((PluginCreationFail<IdePlugin>) result).getErrorsAndWarnings();
    for (PluginProblem problem : problems) findings.add(problem.getLevel() + ": " + problem.getMessage());
  }

  private static List<PluginProblem> concat(List<PluginProblem> one, List<PluginProblem> other) {
    List<PluginProblem> all = new ArrayList<>(one);
    all.addAll(other);
    return all;
  }

  private void unpack(Path zip, Path folder) throws IOException {
    try (ZipFile file = new ZipFile(zip.toFile())) {
      for (ZipEntry entry : (Iterable<ZipEntry>) file.stream().map(one -> (ZipEntry) one)::iterator) {
        if (entry.isDirectory() || !entry.getName().endsWith(".jar")) continue;
        Path jar = folder.resolve(Path.of(entry.getName()).getFileName().toString());
        try (InputStream stream = file.getInputStream(entry)) {
          Files.copy(stream, jar);
        }
        look(jar);
      }
    }
  }

  private void look(Path path) throws IOException {
    jars.add(urlOf(path));
    try (ZipFile jar = new ZipFile(path.toFile())) {
      for (ZipEntry entry : (Iterable<ZipEntry>) jar.stream().map(one -> (ZipEntry) one)::iterator)
        if (entry.getName().matches("META-INF/(plugin|dragoman-.*)\\.xml"))
          descriptors.add(jar.getInputStream(entry).readAllBytes());
      jar.stream()
          .filter(entry -> entry.getName().matches("(com/intellij|kotlin|kotlinx)/.*\\.class"))
          .findFirst()
          .ifPresent(entry -> findings.add("a class of the platform's is in the plugin: " + entry.getName()));
    }
  }

  private void classes(byte[] descriptor, ClassLoader loader) throws Exception {
    Element root =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(descriptor))
            .getDocumentElement();
    NodeList elements = root.getElementsByTagName("*");
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < elements.getLength(); ++i) {
      if (!(elements.item(i) instanceof Element element)) continue;
      for (String attribute : ATTRIBUTES)
        if (element.hasAttribute(attribute)) load(element.getTagName(), element.getAttribute(attribute), loader);
      if (element.getTagName().equals("className"))
        load(((Element) element.getParentNode()).getTagName(), element.getTextContent().strip(), loader);
      if (element.hasAttribute("serviceImplementation") && !seen.add(element.getAttribute("serviceImplementation")))
        findings.add("registered twice: " + element.getAttribute("serviceImplementation"));
    }
  }

  private void load(String element, String name, ClassLoader loader) {
    ++named;
    try {
      Class<?> found = Class.forName(name, false, loader);
      String type = TYPES.get(element);
      if (type != null && !Class.forName(type, false, loader).isAssignableFrom(found))
        findings.add("<" + element + "> names " + name + ", which is no " + type);
      if (Modifier.isAbstract(found.getModifiers())) findings.add(name + " is abstract");
      if (List.of(found.getConstructors()).stream().noneMatch(made -> fits(element, made.getParameterTypes())))
        findings.add(name + " has no constructor that the IDE calls");
    } catch (ReflectiveOperationException | LinkageError reason) {
      findings.add("<" + element + "> names " + name + ": " + reason);
    }
  }

  /** A project's service may take the project. */
  private static boolean fits(String element, Class<?>[] parameters) {
    return parameters.length == 0
        || element.startsWith("project") && parameters.length == 1 && parameters[0].getSimpleName().equals("Project");
  }

  private static URL urlOf(Path path) {
    try {
      return path.toUri().toURL();
    } catch (MalformedURLException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
