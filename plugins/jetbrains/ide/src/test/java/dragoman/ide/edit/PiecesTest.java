package dragoman.ide.edit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

class PiecesTest {
  @Test
  void whatComesWhileTheWindowIsBusyIsOneTask() {
    ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    List<String> heard = new ArrayList<>();
    Pieces pieces = new Pieces(tasks::add, heard::add);
    for (int i = 0; i < 1_000; ++i) pieces.add("x");
    assertEquals(1, tasks.size());
    tasks.poll().run();
    pieces.add("y");
    pieces.add("");
    pieces.add(null);
    tasks.poll().run();
    assertTrue(tasks.isEmpty());
    assertEquals(List.of("x".repeat(1_000), "y"), heard);
  }

  @Test
  void nothingIsLostOrTurnedAroundBetweenTwoThreads() throws Exception {
    LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    StringBuilder heard = new StringBuilder();
    Pieces pieces = new Pieces(tasks::add, heard::append);
    StringBuilder told = new StringBuilder();
    for (int i = 0; i < 20_000; ++i) told.append(i).append(' ');
    Thread stream = new Thread(() -> {
      for (String word : told.toString().split("(?<= )")) pieces.add(word);
    });
    stream.start();
    while (stream.isAlive() || !tasks.isEmpty()) {
      Runnable task = tasks.poll();
      if (task != null) task.run();
      else Thread.onSpinWait();
    }
    assertEquals(told.toString(), heard.toString());
  }
}
