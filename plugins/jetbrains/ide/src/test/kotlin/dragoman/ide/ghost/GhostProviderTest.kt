package dragoman.ide.ghost

import com.intellij.codeInsight.inline.completion.InlineCompletionEvent
import com.intellij.codeInsight.inline.completion.InlineCompletionRequest
import com.intellij.codeInsight.lookup.Lookup
import com.intellij.codeInsight.lookup.LookupEvent
import com.intellij.openapi.editor.Caret
import com.intellij.openapi.editor.Document
import com.intellij.openapi.editor.Editor
import com.intellij.psi.PsiFile
import dragoman.client.GhostText
import dragoman.client.Protocol.InlineCompletionItem
import dragoman.client.RequestException
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.lang.reflect.Proxy
import java.util.concurrent.CompletableFuture

/** The provider as the platform calls it: what it asks, what it gives, and what a cancel does. */
class GhostProviderTest {
  private var asked: Pair<Int, Boolean>? = null
  private val answer = CompletableFuture<List<GhostText>>()
  private val provider = GhostProvider { _, offset, invoked ->
    asked = offset to invoked
    answer
  }

  private inline fun <reified T> fake(): T =
    Proxy.newProxyInstance(T::class.java.classLoader, arrayOf(T::class.java)) { _, _, _ -> null } as T

  private fun request(offset: Int): InlineCompletionRequest {
    val editor = fake<Editor>()
    val event = InlineCompletionEvent.DirectCall(editor, fake<Caret>())
    return InlineCompletionRequest(event, fake<PsiFile>(), editor, fake<Document>(), offset, offset)
  }

  private fun ghost(text: String) = GhostText.at(7, InlineCompletionItem(text, null, null))

  @Test
  fun `it asks at the end of what was typed, and says that it was by hand`() = runBlocking {
    answer.complete(emptyList())
    assertTrue(provider.getSuggestion(request(7)).getVariants().isEmpty())
    assertEquals(7 to true, asked)
  }

  @Test
  fun `each suggestion is a variant, best first`() = runBlocking {
    answer.complete(listOf(ghost("one"), ghost("two")))
    assertEquals(2, provider.getSuggestion(request(7)).getVariants().size)
  }

  @Test
  fun `an answer that comes later is waited for`() = runBlocking {
    val suggestion = async(start = CoroutineStart.UNDISPATCHED) { provider.getSuggestion(request(7)) }
    assertFalse(suggestion.isCompleted)
    answer.complete(listOf(ghost("one")))
    assertEquals(1, suggestion.await().getVariants().size)
  }

  @Test
  fun `another entry of the IDE's own list asks anew, and nothing else does`() {
    val entry = InlineCompletionEvent.LookupChange(LookupEvent(fake<Lookup>(), null, '\u0000'))
    assertTrue(provider.restartOn(entry))
    assertFalse(provider.restartOn(InlineCompletionEvent.DirectCall(fake<Editor>(), fake<Caret>())))
  }

  @Test
  fun `cancelling the coroutine cancels the request`() = runBlocking {
    val job = launch(start = CoroutineStart.UNDISPATCHED) { provider.getSuggestion(request(7)) }
    job.cancelAndJoin()
    assertTrue(answer.isCancelled)
  }

  @Test
  fun `a request that the daemon cancels ends the coroutine and nothing around it`() = runBlocking {
    val job = launch(start = CoroutineStart.UNDISPATCHED) { provider.getSuggestion(request(7)) }
    answer.cancel(true)
    job.join()
    assertTrue(job.isCancelled)
  }

  @Test
  fun `a failure is no suggestion, not an error of the IDE's`() = runBlocking {
    answer.completeExceptionally(RequestException.of(IllegalStateException("no daemon")))
    assertTrue(provider.getSuggestion(request(7)).getVariants().isEmpty())
  }
}
