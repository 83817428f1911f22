/** A file that a section of docs/extending.md adds or changes. */
export interface FileChange {
  file: string;
  /** The whole of a new file, or what changes in one that is there: lines with `+`, `-` and a space before them. */
  kind: 'new' | 'diff';
  text: string;
}

/** The files of each section of the page, in their order, by its heading. */
export function changesOf(page: string): Map<string, FileChange[]> {
  const sections = page.split(/^## /m).slice(1);
  const changes = sections.map((section): [string, FileChange[]] => {
    const [heading = ''] = section.split('\n', 1);
    const files = section.matchAll(/^### `(.+)`\n[^]*?^```(ts|diff)\n([^]*?)^```$/gm);
    return [
      heading,
      Array.from(files, ([, file = '', language, text = '']) => ({
        file,
        kind: language === 'ts' ? 'new' : 'diff',
        text,
      })),
    ];
  });
  return new Map(changes.filter(([, files]) => files.length > 0));
}

/**
 * A text with the changes of a diff, whose hunks have a line `@@` between them.
 * @throws where the lines of a hunk that are kept or go stand in the text more or less often than once
 */
export function patched(text: string, diff: string): string {
  const hunks = diff.split(/^@@.*\n/m).filter((hunk) => hunk !== '');
  return hunks.reduce((patching, hunk) => {
    const lines = hunk.trimEnd().split('\n');
    const before = linesBut('+', lines);
    const parts = `\n${patching}`.split(before);
    if (parts.length !== 2) {
      throw new Error(`not once, but ${parts.length - 1} times is there:${before}`);
    }
    return parts.join(linesBut('-', lines)).slice(1);
  }, text);
}

function linesBut(sign: '+' | '-', lines: string[]): string {
  const kept = lines.filter((line) => !line.startsWith(sign)).map((line) => line.slice(1));
  return `\n${kept.join('\n')}\n`;
}
