package dragoman.ide.testing;

import com.intellij.openapi.extensions.ExtensionPoint;
import com.intellij.openapi.extensions.ExtensionsArea;
import com.intellij.openapi.util.JDOMUtil;
import java.io.InputStream;
import java.util.Objects;
import org.jdom.Element;
import org.picocontainer.MutablePicoContainer;

/** Reads the platform's own descriptors, as the IDE does: its extension points, and the services whose classes there are. */
final class PlatformServices {
  private PlatformServices() {}

  /** Adds them to {@code services}; what is in there already stays. Each is made when it is first asked for. */
  static void register(MutablePicoContainer services) {
    for (String list : new String[] {"META-INF/PlatformExtensions.xml", "META-INF/LangExtensions.xml"})
      for (Element extensions : read(list).getChildren("extensions"))
        for (Element entry : extensions.getChildren("applicationService")) service(services, entry);
    for (String list : new String[] {"Platform.xml", "UICore.xml", "Editor.xml"})
      for (Element components : read("componentSets/" + list).getChildren("application-components"))
        for (Element entry : components.getChildren("component")) component(services, entry);
  }

  /** Adds the extension points of {@code kind}, null for the application's; nothing extends them. */
  static void points(ExtensionsArea area, String kind) {
    for (String list : new String[] {"META-INF/PlatformExtensionPoints.xml", "META-INF/LangExtensionPoints.xml"})
      for (Element points : read(list).getChildren("extensionPoints"))
        for (Element point : points.getChildren("extensionPoint"))
          if (Objects.equals(kind, point.getAttributeValue("area"))) point(area, point);
  }

  private static void point(ExtensionsArea area, Element point) {
    String name = point.getAttributeValue("qualifiedName", "com.intellij." + point.getAttributeValue("name"));
    String type = point.getAttributeValue("interface");
    if (area.hasExtensionPoint(name)) return;
    if (type == null) area.registerExtensionPoint(name, point.getAttributeValue("beanClass"), ExtensionPoint.Kind.BEAN_CLASS);
    else area.registerExtensionPoint(name, type, ExtensionPoint.Kind.INTERFACE);
  }

  private static Element read(String path) {
    try (InputStream in = PlatformServices.class.getClassLoader().getResourceAsStream(path)) {
      return JDOMUtil.load(in);
    } catch (Exception unreadable) {
      throw new IllegalStateException(path, unreadable);
    }
  }

  /** Found by the name of its interface. */
  private static void service(MutablePicoContainer services, Element entry) {
    String made = entry.getAttributeValue("serviceImplementation");
    Class<?> implementation = find(entry.getAttributeValue("testServiceImplementation", made));
    String name = entry.getAttributeValue("serviceInterface", made);
    if (implementation != null && services.getComponentAdapter(name) == null)
      services.registerComponentImplementation(name, implementation);
  }

  /** Found by its interface. */
  private static void component(MutablePicoContainer services, Element entry) {
    Class<?> implementation = find(entry.getChildText("implementation-class"));
    String name = entry.getChildText("interface-class");
    Class<?> type = name == null ? implementation : find(name);
    if (implementation != null && type != null && services.getComponentAdapter(type) == null)
      services.registerComponentImplementation(type, implementation);
  }

  private static Class<?> find(String name) {
    try {
      return Class.forName(name, false, PlatformServices.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError notCompiled) {
      return null;
    }
  }
}
