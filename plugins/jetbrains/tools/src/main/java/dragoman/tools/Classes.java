package dragoman.tools;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Compiled classes, from folders and jars, as far as linking goes: who extends whom, and which members there are. Names are
 * internal ones ({@code a/b/C}); a member is {@code name} and its descriptor, a field's with a colon between.
 */
final class Classes {
  /** {@code members} others may use; {@code abstracts} those of them that wait for an implementation. */
  record Info(String superName, List<String> interfaces, int access, Set<String> members, Set<String> abstracts) {
    boolean is(int flag) {
      return (access & flag) != 0;
    }
  }

  private final Map<String, byte[]> bytes = new HashMap<>();
  private final Map<String, Info> infos = new HashMap<>();

  /** Adds a jar, or a folder of classes. What is there already stays. */
  Classes add(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      walk(path);
      return this;
    }
    try (FileSystem jar = FileSystems.newFileSystem(path)) {
      walk(jar.getPath("/"));
    }
    return this;
  }

  /** Adds each jar in a folder and below it. */
  Classes addJars(Path folder) throws IOException {
    try (Stream<Path> found = Files.walk(folder)) {
      for (Path jar : (Iterable<Path>) found.filter(file -> file.toString().endsWith(".jar")).sorted()::iterator) add(jar);
    }
    return this;
  }

  Classes add(Classes others) {
    others.bytes.forEach(bytes::putIfAbsent);
    infos.clear();
    return this;
  }

  Map<String, byte[]> all() {
    return bytes;
  }

  /** Null where there is no such class, neither here nor in the JDK. */
  Info info(String name) {
    if (!infos.containsKey(name)) infos.put(name, read(name));
    return infos.get(name);
  }

  /** The class, what it extends and what it implements, as far as it is known. */
  Set<String> lineage(String name) {
    Set<String> all = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(name));
    while (!open.isEmpty()) {
      String next = open.pop();
      Info info = all.add(next) ? info(next) : null;
      if (info == null) continue;
      if (info.superName() != null) open.add(info.superName());
      open.addAll(info.interfaces());
      if (info.is(Opcodes.ACC_INTERFACE)) open.add("java/lang/Object");
    }
    return all;
  }

  /** Whether code that names {@code member} of {@code owner} would link. A constructor is not inherited. */
  boolean has(String owner, String member) {
    return (member.startsWith("<init>") ? Set.of(owner) : lineage(owner))
        .stream().map(this::info).anyMatch(info -> info != null && info.members().contains(member));
  }

  private void walk(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : (Iterable<Path>) files.filter(found -> found.toString().endsWith(".class"))::iterator) {
        String name = root.relativize(file).toString().replace('\\', '/');
        bytes.putIfAbsent(name.substring(0, name.length() - ".class".length()), Files.readAllBytes(file));
      }
    }
  }

  private Info read(String name) {
    byte[] found = bytes.get(name);
    if (found == null) {
      try (InputStream stream = ClassLoader.getPlatformClassLoader().getResourceAsStream(name + ".class")) {
        if (stream == null) return null;
        found = stream.readAllBytes();
      } catch (IOException unreadable) {
        return null;
      }
    }
    Set<String> members = new HashSet<>();
    Set<String> abstracts = new HashSet<>();
    ClassReader reader = new ClassReader(found);
    reader.accept(
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public MethodVisitor visitMethod(int access, String method, String type, String signature, String[] thrown) {
            if ((access & Opcodes.ACC_PRIVATE) == 0) members.add(method + type);
            if ((access & Opcodes.ACC_ABSTRACT) != 0) abstracts.add(method + type);
            return null;
          }

          @Override
          public FieldVisitor visitField(int access, String field, String type, String signature, Object value) {
            if ((access & Opcodes.ACC_PRIVATE) == 0) members.add(field + ":" + type);
            return null;
          }
        },
        ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    return new Info(reader.getSuperName(), List.of(reader.getInterfaces()), reader.getAccess(), members, abstracts);
  }
}
