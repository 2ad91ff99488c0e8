package dragoman.client;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * A future that follows another one, now or later, and whose cancelling reaches it. What {@code thenApply} and its kin
 * return does not do that: the request behind it would go on.
 */
public final class Relay<T> extends CompletableFuture<T> {
  private CompletableFuture<?> source;

  /** Ends as {@code next} does; to be called once, on any thread. Where this one has ended already, {@code next} is cancelled. */
  public void follow(CompletableFuture<? extends T> next) {
    follow(next, value -> value);
  }

  /** As above, with what {@code map} makes of its value. */
  public <S> void follow(CompletableFuture<S> next, Function<? super S, ? extends T> map) {
    synchronized (this) {
      source = next;
    }
    if (isDone()) next.cancel(true);
    next.whenComplete(
        (value, reason) -> {
          if (reason != null) fail(reason);
          else complete(map.apply(value));
        });
  }

  /** Ends with a {@link RequestException}, or as cancelled where that is what {@code reason} says. */
  public void fail(Throwable reason) {
    completeExceptionally(RequestException.of(reason));
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = super.cancel(mayInterruptIfRunning);
    CompletableFuture<?> next;
    synchronized (this) {
      next = source;
    }
    if (cancelled && next != null) next.cancel(mayInterruptIfRunning);
    return cancelled;
  }
}
