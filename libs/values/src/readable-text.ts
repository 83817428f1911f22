/**
 * A text for people: characters that show nothing, or that a terminal or a browser would take for a command, as
 * escapes. So are marks that turn the direction of writing around.
 */
export function readableText(text: string): string {
  return text.replaceAll(/[^\P{C}\n\t]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

/** Bytes that are no text: those that ASCII shows as they are, the others as escapes. */
export function readableBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) =>
    (byte >= 0x20 && byte <= 0x7e) || byte === 0x0a || byte === 0x09
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).padStart(2, '0')}`,
  ).join('');
}
