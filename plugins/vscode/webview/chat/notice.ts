// What there is to say of a turn besides its text. Pure.
import type { Strings } from '../../src/chat/messages.ts';
import type { Head } from '../../src/chat/transcript.ts';

/** '' where there is nothing. `begun`: whether anything of the answer has come. */
export function noticeOf(head: Head, begun: boolean, strings: Strings): string {
  switch (head.state) {
    case 'cancelled':
      return strings.cancelled;
    case 'cut':
      return [strings.cut, head.notice].filter(Boolean).join(' ');
    case 'filtered':
      return [strings.filtered, head.notice].filter(Boolean).join(' ');
    case 'failed':
      return [begun ? strings.broken : '', head.notice].filter(Boolean).join(' ');
    default:
      return head.notice ?? '';
  }
}
