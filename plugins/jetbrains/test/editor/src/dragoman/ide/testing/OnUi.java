package dragoman.ide.testing;

import java.lang.reflect.Method;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import javax.swing.SwingUtilities;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** Runs a class's tests, and what goes before and after each, on the UI thread, to which editors belong. */
public final class OnUi implements InvocationInterceptor {
  @Override
  public void interceptBeforeEachMethod(
      Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context) throws Throwable {
    proceed(invocation);
  }

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context) throws Throwable {
    proceed(invocation);
  }

  @Override
  public void interceptAfterEachMethod(
      Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context) throws Throwable {
    proceed(invocation);
  }

  /** What {@code there} gives on the UI thread. */
  public static <T> T call(Callable<T> there) {
    FutureTask<T> task = new FutureTask<>(there);
    SwingUtilities.invokeLater(task);
    try {
      return task.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw new AssertionError(failed.getCause());
    } catch (InterruptedException | TimeoutException never) {
      throw new AssertionError("the UI thread is blocked", never);
    }
  }

  public static void run(Runnable there) {
    call(Executors.callable(there));
  }

  private static void proceed(Invocation<Void> invocation) throws Throwable {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    SwingUtilities.invokeAndWait(
        () -> {
          try {
            invocation.proceed();
          } catch (Throwable thrown) {
            failure.set(thrown);
          }
        });
    if (failure.get() != null) throw failure.get();
  }
}
