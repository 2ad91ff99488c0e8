package dragoman.tools;

import java.util.Set;
import java.util.TreeSet;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** What of the platform compiled classes use. */
final class Uses extends ClassVisitor {
  /** {@code member} is "" for the class itself. */
  record Use(String owner, String member) implements Comparable<Use> {
    @Override
    public int compareTo(Use other) {
      int byOwner = owner.compareTo(other.owner);
      return byOwner != 0 ? byOwner : member.compareTo(other.member);
    }

    @Override
    public String toString() {
      return member.isEmpty() ? owner : owner + "#" + member;
    }
  }

  private static final String PLATFORM = "com/intellij/";

  private final Set<Use> found = new TreeSet<>();

  private Uses() {
    super(Opcodes.ASM9);
  }

  /** All uses in {@code classes}, in order. */
  static Set<Use> in(Classes classes) {
    Uses uses = new Uses();
    for (byte[] one : classes.all().values())
      new ClassReader(one).accept(uses, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    return uses.found;
  }

  private void type(String name) {
    if (name != null && name.startsWith(PLATFORM)) found.add(new Use(name, ""));
  }

  private void types(String[] names) {
    if (names != null) for (String name : names) type(name);
  }

  /** Each class in a descriptor. */
  private void descriptor(String text) {
    for (int at = text.indexOf('L'); at >= 0; at = text.indexOf('L', at)) {
      int end = text.indexOf(';', at);
      if (end < 0) return;
      type(text.substring(at + 1, end));
      at = end;
    }
  }

  private void member(String owner, String member) {
    if (!owner.startsWith(PLATFORM)) return;
    type(owner);
    found.add(new Use(owner, member));
  }

  @Override
  public void visit(int version, int access, String name, String signature, String superName, String[] interfaces) {
    type(superName);
    types(interfaces);
  }

  @Override
  public FieldVisitor visitField(int access, String name, String type, String signature, Object value) {
    descriptor(type);
    return null;
  }

  @Override
  public MethodVisitor visitMethod(int access, String name, String type, String signature, String[] thrown) {
    descriptor(type);
    types(thrown);
    return new Code();
  }

  private final class Code extends MethodVisitor {
    Code() {
      super(Opcodes.ASM9);
    }

    @Override
    public void visitMethodInsn(int opcode, String owner, String name, String type, boolean onInterface) {
      member(owner, name + type);
      descriptor(type);
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String type) {
      member(owner, name + ":" + type);
      descriptor(type);
    }

    @Override
    public void visitTypeInsn(int opcode, String name) {
      if (name.startsWith("[")) descriptor(name);
      else type(name);
    }

    @Override
    public void visitInvokeDynamicInsn(String name, String type, Handle bootstrap, Object... arguments) {
      descriptor(type);
      for (Object argument : arguments)
        if (argument instanceof Handle handle) member(handle.getOwner(), handle.getName() + handle.getDesc());
    }
  }
}
