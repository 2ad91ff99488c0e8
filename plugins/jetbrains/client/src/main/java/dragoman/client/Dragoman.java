package dragoman.client;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The daemon as the plugin sees it: there when it is needed. Started by the first who asks, started again when it ends by
 * itself, with longer and longer pauses, and left alone when that does not help. One for a project.
 *
 * <p>Its state belongs to one thread of its own, which alone waits (for a program's {@code --version}, for a keychain).
 * Every public method may be called on any thread and returns at once.
 */
public final class Dragoman implements AutoCloseable {
  public enum Life {
    /** Nobody has asked for it yet, or it was closed. */
    STOPPED,
    /** The editor does not trust the project: no daemon is started there. {@link #trustChanged} tells of a change. */
    UNTRUSTED,
    STARTING,
    /** It ended by itself and is started again in a moment. */
    WAITING,
    RUNNING,
    /** It does not run, and nobody tries any more; {@link #problem} says why. */
    FAILED
  }

  /**
   * How long is waited, in milliseconds: for a program's version, for `initialize` (which waits for nothing slow), for the
   * end of a daemon that was asked to (it takes a second at most), and before the restarts.
   */
  record Patience(long versionMs, long startMs, long stopMs, long... restartsMs) {
    static final Patience USUAL = new Patience(10_000, 15_000, 2_000, 200, 1_000, 3_000, 8_000);
  }

  private final Host host;
  private final Patience patience;
  private final ScheduledThreadPoolExecutor thread;
  private final Map<String, Consumer<Protocol.StreamEvent>> streams = new ConcurrentHashMap<>();
  private final AtomicLong tokens = new AtomicLong();
  private final Backoff backoff;
  private volatile Life life = Life.STOPPED;
  private volatile Protocol.Status status;
  private volatile DaemonProblem problem;
  private volatile Session session;
  /** Those who wait for a daemon that is on its way; completed on this object's thread. */
  private CompletableFuture<DragomanServer> running = new CompletableFuture<>();
  private ScheduledFuture<?> retry;
  private volatile boolean closed;

  public Dragoman(Host host) {
    this(host, Patience.USUAL);
  }

  Dragoman(Host host, Patience patience) {
    this.host = host;
    this.patience = patience;
    backoff = new Backoff(patience.restartsMs());
    thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread made = new Thread(task, "dragoman");
              made.setDaemon(true);
              return made;
            });
    // An idle project costs no thread.
    thread.setKeepAliveTime(10, TimeUnit.SECONDS);
    thread.allowCoreThreadTimeOut(true);
  }

  public Life life() {
    return life;
  }

  /** The newest {@code dragoman/status}, or null while no daemon runs. */
  public Protocol.Status status() {
    return status;
  }

  /** Why there is no daemon, while {@link #life} is {@link Life#FAILED}; else null. */
  public DaemonProblem problem() {
    return problem;
  }

  /** The daemon that runs, or null. Who only tells it something and needs no start uses this. */
  public DragomanServer server() {
    Session now = session;
    return life == Life.RUNNING && now != null && !now.ended().isDone() ? now.server() : null;
  }

  /** The process of the daemon that runs, or -1. */
  public long pid() {
    Session now = session;
    return now == null ? -1 : now.pid();
  }

  /** Starts the daemon unless it runs, is on its way, or has failed. */
  public void start() {
    post(() -> {
      if (idle()) begin();
    });
  }

  /**
   * The editor trusts the project now, or no longer does: a daemon that somebody has asked for is started, one that runs is
   * ended.
   */
  public void trustChanged() {
    post(() -> {
      boolean trusted = host.trusted();
      if (trusted ? life == Life.UNTRUSTED : !idle()) {
        release();
        begin();
      }
    });
  }

  /** Ends the daemon and starts it anew; whatever went wrong before is forgiven. */
  public void restart() {
    post(this::beginAnew);
  }

  /** The settings name another program: as {@link #restart}, but nothing where nobody has asked for a daemon yet. */
  public void programChanged() {
    post(() -> {
      if (!idle()) beginAnew();
    });
  }

  /** The settings have changed: a daemon that runs is told, and one that is on its way as soon as it can be. */
  public void settingsChanged() {
    tell(Session::sendSettings);
  }

  /** A key was kept, changed or (null) forgotten: as {@link #settingsChanged}. */
  public void keyChanged(String provider, String key) {
    tell(one -> one.sendKey(provider, key));
  }

  /**
   * The daemon, once it runs; started where nobody had asked for it yet. Fails with a {@link RequestException} where there
   * is none. Completes on the client's thread.
   */
  public CompletableFuture<DragomanServer> running() {
    DragomanServer now = server();
    if (now != null) return CompletableFuture.completedFuture(now);
    Relay<DragomanServer> result = new Relay<>();
    boolean posted =
        post(() -> {
          if (closed) {
            result.fail(notRunning());
            return;
          }
          if (idle()) begin();
          // Its end may be known before the word of it has come here.
          if (life == Life.RUNNING && session.ended().isDone()) ended(session);
          if (life == Life.RUNNING) result.complete(session.server());
          else if (life == Life.FAILED || life == Life.UNTRUSTED) result.fail(notRunning());
          // A future of its own: cancelling it takes nothing from the others who wait.
          else running.whenComplete((server, reason) -> settle(result, server, reason));
        });
    if (!posted) result.fail(notRunning());
    return result;
  }

  /** Asks the daemon, once it runs. Fails with a {@link RequestException} only; cancelling it cancels the request. */
  public <T> CompletableFuture<T> ask(Function<DragomanServer, CompletableFuture<T>> request) {
    Relay<T> result = new Relay<>();
    running()
        .whenComplete((server, reason) -> {
          if (reason != null) result.fail(reason);
          else if (!result.isDone()) result.follow(request.apply(server));
        });
    return result;
  }

  /** Sends a question; {@code onEvent} hears its stream, in order, before the result, on the client's thread. */
  public CompletableFuture<Protocol.ChatResult> chat(
      Protocol.ChatSend question, Consumer<Protocol.StreamEvent> onEvent) {
    return stream(onEvent, (server, token) -> server.chatSend(question.withToken(token)));
  }

  /** Asks for an edit; as {@link #chat}. The daemon does not apply it. */
  public CompletableFuture<Protocol.EditResult> edit(
      Protocol.EditParams edit, Consumer<Protocol.StreamEvent> onEvent) {
    return stream(onEvent, (server, token) -> server.edit(edit.withToken(token)));
  }

  /** Asks for a commit message for what is staged in {@code folder}, a path or a file: URI; as {@link #chat}. */
  public CompletableFuture<Protocol.CommitMessage> commitMessage(
      String folder, Consumer<Protocol.StreamEvent> onEvent) {
    return stream(
        onEvent, (server, token) -> server.commitMessage(new Protocol.CommitMessageParams(folder, token)));
  }

  /** Ends the daemon with everything that runs; for good. */
  @Override
  public void close() {
    closed = true;
    try {
      thread.execute(
          () -> {
            release();
            failWaiting();
            thread.shutdown();
          });
    } catch (RejectedExecutionException ignored) {
      // Closed already.
    }
  }

  private <T> CompletableFuture<T> stream(
      Consumer<Protocol.StreamEvent> onEvent,
      BiFunction<DragomanServer, String, CompletableFuture<T>> request) {
    String token = "dragoman-" + tokens.incrementAndGet();
    streams.put(token, onEvent);
    CompletableFuture<T> result = ask(server -> request.apply(server, token));
    result.whenComplete((value, reason) -> streams.remove(token));
    return result;
  }

  /** What a daemon that is greeted already has taken along may be older than {@code news}. */
  private void tell(Consumer<Session> news) {
    post(() -> {
      Session one = session;
      if (one != null) one.initialized().thenRun(() -> news.accept(one));
    });
  }

  // From here on: this object's thread.

  /** Nobody has tried to start it, or was not allowed to. */
  private boolean idle() {
    return life == Life.STOPPED || life == Life.UNTRUSTED;
  }

  private void beginAnew() {
    backoff.reset();
    release();
    begin();
  }

  private void begin() {
    if (closed) return;
    if (retry != null) retry.cancel(false);
    problem = null;
    if (!host.trusted()) {
      if (life != Life.UNTRUSTED) set(Life.UNTRUSTED);
      failWaiting();
      return;
    }
    set(Life.STARTING);
    Session next;
    try {
      Host.Launch launch = host.launch();
      DaemonFinder.Found found = DaemonFinder.find(launch.program(), launch.bundle(), launch.environment(), patience.versionMs());
      if (closed) return;
      host.log("starting " + found.path() + " " + found.version());
      next = Session.start(host, launch, found, patience, streams);
    } catch (DaemonProblem reason) {
      fail(reason);
      return;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return;
    } catch (RuntimeException broken) {
      fail(new DaemonProblem(DaemonProblem.Reason.BROKEN, "dragoman", RequestException.of(broken).getMessage()));
      return;
    }
    session = next;
    next.onStatus(
        news -> {
          if (session != next) return;
          status = news;
          host.changed();
        });
    next.ended().thenRun(() -> post(() -> ended(next)));
    next.initialized().whenComplete((ok, reason) -> post(() -> initialized(next, reason)));
  }

  private void initialized(Session one, Throwable reason) {
    if (session != one) return;
    if (reason != null) {
      host.log("the daemon did not start: " + RequestException.of(reason).getMessage());
      ended(one);
      return;
    }
    backoff.started(now());
    life = Life.RUNNING;
    host.started();
    set(Life.RUNNING);
    CompletableFuture<DragomanServer> waiting = running;
    running = new CompletableFuture<>();
    waiting.complete(one.server());
  }

  /** It is gone though nobody stopped it. */
  private void ended(Session one) {
    if (session != one) return;
    drop();
    long delay = backoff.ended(now());
    if (delay < 0) {
      fail(new DaemonProblem(DaemonProblem.Reason.ENDED, "", ""));
      return;
    }
    host.log("the daemon ended; it is started again in " + delay + " ms");
    set(Life.WAITING);
    retry = thread.schedule(this::begin, delay, TimeUnit.MILLISECONDS);
  }

  private void fail(DaemonProblem reason) {
    drop();
    problem = reason;
    set(Life.FAILED);
    host.log(reason.getMessage());
    host.failed(reason);
    failWaiting();
  }

  private void release() {
    if (retry != null) retry.cancel(false);
    drop();
    set(Life.STOPPED);
  }

  private void drop() {
    Session last = session;
    session = null;
    status = null;
    if (last != null) last.stop();
  }

  private void failWaiting() {
    CompletableFuture<DragomanServer> waiting = running;
    running = new CompletableFuture<>();
    waiting.completeExceptionally(notRunning());
  }

  private void set(Life next) {
    life = next;
    host.changed();
  }

  private boolean post(Runnable task) {
    if (closed) return false;
    try {
      thread.execute(task);
      return true;
    } catch (RejectedExecutionException ignored) {
      return false;
    }
  }

  private static <T> void settle(Relay<T> result, T value, Throwable reason) {
    if (reason == null) result.complete(value);
    else result.fail(reason);
  }

  private RequestException notRunning() {
    String why =
        life == Life.UNTRUSTED
            ? "The project is not trusted: no dragoman daemon is started in it."
            : "The dragoman daemon is not running.";
    return new RequestException(RequestException.GONE, why, null);
  }

  private static long now() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }
}
