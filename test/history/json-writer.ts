import type { Random } from './random';

/** A JSON text that stands as it is: a number with its own spelling, a member that comes twice. */
export class Raw {
  constructor(readonly text: string) {}
}

export type Writable = string | number | boolean | null | Raw | Writable[] | { [name: string]: Writable };

/** The same value, written in one of the many ways that JSON allows: spaces, order of members, escapes. */
export function writeJson(random: Random, value: Writable): string {
  const style = { space: random.chance(0.2), shuffle: random.chance(0.3), escape: random.chance(0.2) };
  return write(value);

  function write(one: Writable): string {
    if (one instanceof Raw) {
      return one.text;
    }
    if (typeof one === 'string') {
      return style.escape ? escaped(one) : JSON.stringify(one);
    }
    if (Array.isArray(one)) {
      return `[${space()}${one.map(write).join(`,${space()}`)}${space()}]`;
    }
    if (typeof one !== 'object' || one === null) {
      return JSON.stringify(one);
    }
    const members = Object.entries(one).map(
      ([name, member]) => `${write(name)}${space()}:${space()}${write(member)}`,
    );
    return `{${space()}${(style.shuffle ? random.shuffled(members) : members).join(`,${space()}`)}${space()}}`;
  }

  function space(): string {
    return style.space ? random.pick(['', ' ', '\n', '\t', '\r\n  ']) : '';
  }

  function escaped(text: string): string {
    const letters = JSON.stringify(text).slice(1, -1);
    const one = () => random.chance(0.3);
    return `"${letters.replace(/[а-яё/]/g, (letter) =>
      letter === '/' ? '\\/' : one() ? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}` : letter,
    )}"`;
  }
}
