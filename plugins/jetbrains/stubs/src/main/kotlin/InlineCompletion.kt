package com.intellij.codeInsight.inline.completion

import com.intellij.codeInsight.inline.completion.suggestion.InlineCompletionSuggestion
import com.intellij.codeInsight.lookup.LookupElement
import com.intellij.codeInsight.lookup.LookupEvent
import com.intellij.openapi.actionSystem.DataContext
import com.intellij.openapi.editor.Caret
import com.intellij.openapi.editor.Document
import com.intellij.openapi.editor.Editor
import com.intellij.openapi.util.UserDataHolderBase
import com.intellij.psi.PsiFile

@JvmInline
value class InlineCompletionProviderID(val id: String)

interface TypingEvent

interface InlineCompletionEvent {
  fun toRequest(): InlineCompletionRequest?

  class DirectCall(val editor: Editor, val caret: Caret, val context: DataContext? = null) : InlineCompletionEvent {
    override fun toRequest(): InlineCompletionRequest? = throw AssertionError()
  }

  class DocumentChange(val typing: TypingEvent, val editor: Editor) : InlineCompletionEvent {
    override fun toRequest(): InlineCompletionRequest? = throw AssertionError()
  }

  interface InlineLookupEvent : InlineCompletionEvent {
    val event: LookupEvent
    override fun toRequest(): InlineCompletionRequest? = throw AssertionError()
  }

  class LookupChange(override val event: LookupEvent) : InlineLookupEvent
}

class InlineCompletionRequest(
  val event: InlineCompletionEvent,
  val file: PsiFile,
  val editor: Editor,
  val document: Document,
  val startOffset: Int,
  val endOffset: Int,
  val lookupElement: LookupElement? = null,
) : UserDataHolderBase()

interface InlineCompletionProvider {
  val id: InlineCompletionProviderID
  suspend fun getSuggestion(request: InlineCompletionRequest): InlineCompletionSuggestion
  fun isEnabled(event: InlineCompletionEvent): Boolean
  fun restartOn(event: InlineCompletionEvent): Boolean = throw AssertionError()
}
