package com.intellij.codeInsight.inline.completion.suggestion

import com.intellij.codeInsight.inline.completion.elements.InlineCompletionElement
import com.intellij.openapi.util.UserDataHolderBase
import kotlinx.coroutines.flow.Flow

interface InlineCompletionVariant {
  val data: UserDataHolderBase
  val elements: Flow<InlineCompletionElement>

  companion object {
    // The one body of these stubs: tests take the elements as the platform would.
    fun build(data: UserDataHolderBase = UserDataHolderBase(), elements: Flow<InlineCompletionElement>): InlineCompletionVariant =
      object : InlineCompletionVariant {
        override val data = data
        override val elements = elements
      }
  }
}

interface InlineCompletionSuggestion {
  suspend fun getVariants(): List<InlineCompletionVariant>

  object Empty : InlineCompletionSuggestion {
    override suspend fun getVariants(): List<InlineCompletionVariant> = emptyList()
  }
}
