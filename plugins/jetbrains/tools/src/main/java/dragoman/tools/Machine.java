package dragoman.tools;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/** Which machine a program is made for, as its first bytes say. Pure. */
final class Machine {
  private static final Map<Integer, String> ELF = Map.of(0x28, "arm", 0x3e, "x64", 0xb7, "arm64");
  private static final Map<Integer, String> MACH_O = Map.of(0x01000007, "x64", 0x0100000c, "arm64");
  private static final Map<Integer, String> PE = Map.of(0x8664, "x64", 0xaa64, "arm64");

  private Machine() {}

  /** {@code ELF x64}, {@code Mach-O arm64}, {@code PE x64}, …; null where it is none that is known. */
  static String of(byte[] program) {
    if (program.length < 64) return null;
    ByteBuffer bytes = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.getInt(0) == 0x464c457f) return named("ELF", ELF.get(bytes.getShort(18) & 0xffff));
    if (bytes.getInt(0) == 0xfeedfacf) return named("Mach-O", MACH_O.get(bytes.getInt(4)));
    if (bytes.getShort(0) != 0x5a4d) return null;
    int header = bytes.getInt(60);
    if (header < 0 || header > program.length - 6 || bytes.getInt(header) != 0x00004550) return null;
    return named("PE", PE.get(bytes.getShort(header + 4) & 0xffff));
  }

  private static String named(String format, String machine) {
    return machine == null ? null : format + " " + machine;
  }
}
