import { isUtf8 } from 'node:buffer';
import { refusalReasons } from '@app/contracts/refusal-reasons';
import type { DeadLetter } from '@app/operations/dead-letter-record';
import { placeText } from '@app/operations/message-place';
import { readableBytes, readableText } from '@app/values/readable-text';

/** As long as a service lets `dlq.message` be. */
const CUT_MESSAGE = 1_000;

/** One dead letter for people, with everything that it holds. */
export function deadLetterText({ place, source, original, ...letter }: DeadLetter): string {
  const headers = original.headers.map(([name, value]) => `  ${readable(name)}: ${readable(value)}`);
  return [
    'This may hold personal data.',
    '',
    `dead letter  ${placeText(place)}`,
    ...(source
      ? [
          `refused by   ${letter.service} at ${letter.refusedAt}`,
          `reason       ${letter.reason}: ${readable(letter.message)}${letter.message.length >= CUT_MESSAGE ? ' (cut off here)' : ''}`,
          ...remedies(letter.reason),
          `message      ${placeText(source)}, ${letter.altered.length === 0 ? 'whole and as it came' : `but for its ${letter.altered.join(', ')} as it came`}:`,
        ]
      : ['It has no header dlq.topic: no service of Order Vault wrote it.']),
    '',
    ...(headers.length > 0 ? ['headers', ...headers] : ['no headers']),
    `key    ${readable(original.key)}`,
    `value  ${original.value === null ? '' : `(${original.value.length} bytes) `}${readable(original.value)}`,
  ].join('\n');
}

/** What to do about it. None where another release refused the message, for a reason of its own. */
function remedies(reason: string): string[] {
  const known = Object.entries(refusalReasons).filter(([code]) => code === reason);
  return known.map(([, { remedy }]) => `what to do   ${remedy}`);
}

/** Text as it is; what a terminal would take for a command, and bytes that are no text, as escapes. */
function readable(content: Buffer | string | null): string {
  if (content === null) {
    return '(none)';
  }
  return typeof content === 'string' || isUtf8(content)
    ? readableText(String(content))
    : readableBytes(content);
}
