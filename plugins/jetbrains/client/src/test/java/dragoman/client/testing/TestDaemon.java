package dragoman.client.testing;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dragoman.client.Dragoman;
import java.io.IOException;
import java.nio.file.Path;

/** The real daemon, which is started when it is first asked for, with the scripted gateway as its only provider. */
public final class TestDaemon implements AutoCloseable {
  public final TestGateway gateway;
  public final TestHost host;
  public final Dragoman dragoman;

  /** Skips the test where there are no binaries. */
  public TestDaemon(Path home) throws IOException {
    Path binaries = Programs.binaries();
    gateway = new TestGateway(binaries);
    host = new TestHost(home, binaries.resolve("dragoman").toString()).asking(gateway);
    dragoman = new Dragoman(host);
  }

  /** Ends both, and sees to it that no process is left and that the log holds no key. */
  @Override
  public void close() throws InterruptedException {
    long pid = dragoman.pid();
    dragoman.close();
    if (pid > 0) Programs.assertEnds(pid);
    gateway.close();
    assertFalse(String.join("\n", host.log).contains(TestGateway.KEY), "the key is in the log");
  }
}
