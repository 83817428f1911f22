/** The values of a list that PostgreSQL wrote as one text, separated by commas; null where it has none. */
export function listOf(text: string | null): string[] {
  return text === null ? [] : text.split(',');
}
