// What can go wrong with a request, as one type with one sentence for a person. Pure.

/** JSON-RPC and LSP codes that the extension tells apart. */
export const Code = {
  methodNotFound: -32601,
  requestCancelled: -32800,
  contentModified: -32801,
  serverCancelled: -32802,
  /** Of the client's own making: the connection ended, or is not there. */
  pendingResponseRejected: -32097,
  connectionInactive: -32096,
} as const;

export class RequestError extends Error {
  readonly code: number;
  /** `data.kind` of docs/protocol.md, or '' where the daemon gave none. */
  readonly kind: string;
  readonly hint: string;
  /** The gateway it is about, or ''. */
  readonly provider: string;

  constructor(message: string, code: number, kind = '', hint = '', provider = '') {
    super(message);
    this.code = code;
    this.kind = kind;
    this.hint = hint;
    this.provider = provider;
  }

  /** Nobody wants to hear of it: it was cancelled by whoever asked. */
  get cancelled(): boolean {
    return this.code === Code.requestCancelled || this.code === Code.serverCancelled;
  }

  /** The daemon is not there, or went away before it answered. */
  get gone(): boolean {
    return this.code === Code.pendingResponseRejected || this.code === Code.connectionInactive;
  }
}

/** What a person can do at once about a refusal. */
export interface Cure {
  kind: 'setKey' | 'setUp';
  /** The gateway whose key is meant, or ''. */
  provider: string;
}

/** By `data.kind` of docs/protocol.md; undefined where there is nothing to press. */
export function cureOf(kind: string, provider = ''): Cure | undefined {
  if (kind === 'noKey' || kind === 'unauthorized') return { kind: 'setKey', provider };
  return kind === 'notConfigured' ? { kind: 'setUp', provider } : undefined;
}

/** A message and a hint as one text: a gateway's message may end in the middle of a line. */
export function inWords(message: string, hint: string): string {
  if (hint === '') return message;
  return `${message}${/[.!?…。！？]$/.test(message) ? '' : '.'} ${hint}`;
}

/** Whatever a request was rejected with. */
export function toRequestError(reason: unknown): RequestError {
  if (reason instanceof RequestError) return reason;
  if (!(reason instanceof Error)) return new RequestError(String(reason), 0);
  const { code, data } = reason as { code?: unknown; data?: Record<string, unknown> | null };
  const word = (name: string) => (typeof data?.[name] === 'string' ? data[name] : '');
  return new RequestError(
    reason.message,
    typeof code === 'number' ? code : 0,
    word('kind'),
    word('hint'),
    word('provider'),
  );
}
