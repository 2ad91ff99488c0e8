package dragoman.ide.ghost

import com.intellij.codeInsight.inline.completion.InlineCompletionEvent
import com.intellij.codeInsight.inline.completion.InlineCompletionProvider
import com.intellij.codeInsight.inline.completion.InlineCompletionProviderID
import com.intellij.codeInsight.inline.completion.InlineCompletionRequest
import com.intellij.codeInsight.inline.completion.elements.InlineCompletionElement
import com.intellij.codeInsight.inline.completion.elements.InlineCompletionGrayTextElement
import com.intellij.codeInsight.inline.completion.suggestion.InlineCompletionSuggestion
import com.intellij.codeInsight.inline.completion.suggestion.InlineCompletionVariant
import com.intellij.openapi.application.ApplicationManager
import com.intellij.openapi.editor.Editor
import com.intellij.openapi.util.UserDataHolderBase
import dragoman.client.GhostText
import dragoman.client.RequestException
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.suspendCancellableCoroutine
import java.util.concurrent.CompletableFuture
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException

/**
 * Gives the daemon's suggestions to the IDE, which draws them, owns Tab, Escape, typing through and the choice between
 * several, and lets them live beside Full Line's and other plugins'. Kotlin, because the platform's interface cannot be
 * implemented in Java: its `id` is a value class.
 */
class GhostProvider internal constructor(
  private val ask: (Editor, Int, Boolean) -> CompletableFuture<List<GhostText>>,
) : InlineCompletionProvider {
  @Suppress("unused") // the IDE's
  constructor() : this(Ghost::ask)

  /** The same as the extension's id in plugin.xml. */
  override val id = InlineCompletionProviderID("dragoman.ide.ghost.GhostProvider")

  override fun isEnabled(event: InlineCompletionEvent): Boolean = when (event) {
    is InlineCompletionEvent.DocumentChange -> Ghost.enabledIn(event.editor)
    is InlineCompletionEvent.DirectCall -> Ghost.askable(event.editor)
    is InlineCompletionEvent.LookupChange -> event.event.lookup?.let { Ghost.enabledIn(it.editor) } ?: false
    else -> false
  }

  /** What continues one entry of the IDE's own list does not continue the next one. */
  override fun restartOn(event: InlineCompletionEvent): Boolean = event is InlineCompletionEvent.LookupChange

  override suspend fun getSuggestion(request: InlineCompletionRequest): InlineCompletionSuggestion {
    val invoked = request.event is InlineCompletionEvent.DirectCall
    val ghosts = try {
      ask(request.editor, request.endOffset, invoked).cancellable()
    } catch (_: RequestException) {
      emptyList() // told by the daemon's status, and by a message where it was asked for by hand
    }
    return if (ghosts.isEmpty()) InlineCompletionSuggestion.Empty else Suggestion(request.editor, ghosts)
  }

  private class Suggestion(private val editor: Editor, private val ghosts: List<GhostText>) : InlineCompletionSuggestion {
    override suspend fun getVariants(): List<InlineCompletionVariant> =
      ghosts.mapIndexed { index, ghost -> InlineCompletionVariant.build(UserDataHolderBase(), elements(index, ghost)) }

    private fun elements(index: Int, ghost: GhostText): Flow<InlineCompletionElement> = flow {
      // The platform takes the first variant's elements when it is about to draw them.
      if (index == 0) ApplicationManager.getApplication().invokeLater { Ghost.shown(editor, ghosts) }
      emit(InlineCompletionGrayTextElement(ghost.rest()))
    }
  }
}

/** Waits for a future; cancelling the coroutine cancels it, and so sends the daemon a cancel. */
internal suspend fun <T> CompletableFuture<T>.cancellable(): T = suspendCancellableCoroutine { continuation ->
  whenComplete { value, reason ->
    when {
      reason == null -> continuation.resume(value)
      isCancelled -> continuation.cancel(CancellationException("cancelled"))
      else -> continuation.resumeWithException(RequestException.of(reason))
    }
  }
  continuation.invokeOnCancellation { cancel(true) }
}
