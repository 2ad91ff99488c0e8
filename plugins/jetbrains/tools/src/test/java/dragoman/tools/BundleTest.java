package dragoman.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dragoman.client.Dragoman;
import dragoman.client.testing.Programs;
import dragoman.client.testing.TestHost;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BundleTest {
  @TempDir Path folder;
  private Path plain;
  private Path out;

  @BeforeEach
  void lay() throws IOException {
    plain = folder.resolve("plain.zip");
    out = folder.resolve("out.zip");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(plain))) {
      ZipEntry jar = new ZipEntry("dragoman/lib/ide.jar");
      jar.setTime(0);
      zip.putNextEntry(jar);
      zip.write("a jar".getBytes());
    }
  }

  /** The first bytes of a program for Linux on {@code machine}, and some more. */
  private Path elf(int machine) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4_096).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(0, 0x464c457f).putShort(18, (short) machine);
    return Files.write(folder.resolve("elf-" + machine), bytes.array());
  }

  private String refusal(String target, Path binary) {
    return assertThrows(IllegalArgumentException.class, () -> Bundle.run(plain, out, target, binary)).getMessage();
  }

  private Path unpacked() throws IOException {
    Path to = folder.resolve("unpacked");
    try (ZipFile zip = new ZipFile(out.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        Path file = to.resolve(entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(file);
          continue;
        }
        Files.createDirectories(file.getParent());
        try (InputStream in = zip.getInputStream(entry)) {
          Files.copy(in, file);
        }
      }
    }
    return to.resolve("dragoman");
  }

  @Test
  void theDaemonLiesWhereThePluginLooksAndNothingElseChanges() throws IOException {
    Path binary = elf(0xb7);
    Bundle.run(plain, out, "linux-arm64", binary);
    Path plugin = unpacked();
    assertArrayEquals(Files.readAllBytes(binary), Files.readAllBytes(plugin.resolve("bin/linux-arm64/dragoman")));
    assertEquals("a jar", Files.readString(plugin.resolve("lib/ide.jar")));
    assertEquals(2, new ZipFile(out.toFile()).stream().filter(entry -> !entry.isDirectory()).count());
  }

  @Test
  void whoUnpacksWithModesMayEnterTheFoldersAndRunTheDaemon() throws IOException {
    Bundle.run(plain, out, "linux-arm64", elf(0xb7));
    URI inZip = URI.create("jar:" + out.toUri());
    try (FileSystem inside = FileSystems.newFileSystem(inZip, Map.of("enablePosixFileAttributes", "true"))) {
      for (String path : List.of("dragoman/bin", "dragoman/bin/linux-arm64", "dragoman/bin/linux-arm64/dragoman"))
        assertEquals("rwxr-xr-x", PosixFilePermissions.toString(Files.getPosixFilePermissions(inside.getPath(path))), path);
    }
  }

  @Test
  void equalInputsMakeEqualZips() throws Exception {
    Bundle.run(plain, out, "linux-arm64", elf(0xb7));
    byte[] first = Files.readAllBytes(out);
    Files.delete(folder.resolve("elf-" + 0xb7));
    Bundle.run(plain, out, "linux-arm64", elf(0xb7));
    assertArrayEquals(first, Files.readAllBytes(out));
  }

  @Test
  void aBinaryForAnotherMachineIsRefusedByName() throws IOException {
    assertTrue(refusal("linux-x64", elf(0xb7)).endsWith("elf-183 is made for ELF arm64, not for linux-x64"));
    assertTrue(refusal("darwin-arm64", elf(0xb7)).contains("not for darwin-arm64"));
    Path script = Files.writeString(folder.resolve("script"), "#!/bin/sh\n".repeat(20));
    assertTrue(refusal("linux-x64", script).contains("no machine that is known"));
    assertTrue(refusal("amiga-m68k", elf(0xb7)).startsWith("\"amiga-m68k\" is none of darwin-arm64, "));
    assertFalse(Files.exists(out));
  }

  @Test
  void programsOfEverySystemAreToldApart() {
    ByteBuffer mach = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putInt(0, 0xfeedfacf).putInt(4, 0x0100000c);
    assertEquals("Mach-O arm64", Machine.of(mach.array()));
    ByteBuffer pe = ByteBuffer.allocate(96).order(ByteOrder.LITTLE_ENDIAN).putShort(0, (short) 0x5a4d).putInt(60, 64);
    assertEquals(null, Machine.of(pe.array()));
    pe.putInt(64, 0x00004550).putShort(68, (short) 0x8664);
    assertEquals("PE x64", Machine.of(pe.array()));
    for (int header : List.of(-1, 91, 1 << 30)) assertEquals(null, Machine.of(pe.putInt(60, header).array()), "header " + header);
    assertEquals(null, Machine.of(new byte[63]));
  }

  @Test
  void thePluginStartsTheDaemonOfItsZipThoughUnpackingLostTheMode() throws Exception {
    Path daemon = Programs.binaries().resolve("dragoman");
    String target = Bundle.targetOf(daemon);
    Bundle.run(plain, out, target, daemon);
    TestHost host = new TestHost(Files.createDirectory(folder.resolve("home")), "");
    host.bundle = unpacked();
    Path bundled = host.bundle.resolve("bin/" + target + "/dragoman");
    assertFalse(Files.isExecutable(bundled));
    try (Dragoman dragoman = new Dragoman(host)) {
      dragoman.running().get(20, TimeUnit.SECONDS);
      assertTrue(host.log.stream().anyMatch(line -> line.startsWith("starting " + bundled + " ")), host.log.toString());
      long pid = dragoman.pid();
      dragoman.close();
      Programs.assertEnds(pid);
    }
  }
}
