/**
 * A name as patterns compare it: ignoring case, ё as е, and a letter with its accent as one character or two alike.
 * Computed here alone, since what a database takes for lower case depends on its locale.
 */
export function foldName(name: string): string {
  return name.normalize('NFC').toLowerCase().replaceAll('ё', 'е');
}
