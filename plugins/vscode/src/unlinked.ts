// Text that stays text in a notification of VS Code. Pure.

/** With nothing in it that reads as a Markdown link. */
export function unlinked(text: string): string {
  return text.replaceAll('](', '] (');
}

/** A message of the daemon that VS Code shows as it is (LSP's window/showMessage and its request): its text unlinked. */
export function unlinkMessage(message: unknown): void {
  const { method, params } = (message ?? {}) as { method?: unknown; params?: { message?: unknown } | null };
  if (method !== 'window/showMessage' && method !== 'window/showMessageRequest') return;
  if (params && typeof params.message === 'string') params.message = unlinked(params.message);
}
