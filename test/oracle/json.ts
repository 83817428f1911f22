/** A JSON value with every digit of its numbers, and with its own text. */
export type Json = { text: string } & (
  | { type: 'object'; members: Map<string, Json> }
  | { type: 'list'; items: Json[] }
  | { type: 'string'; value: string }
  | { type: 'number' }
  | { type: 'boolean'; value: boolean }
  | { type: 'null' }
);

/** Nesting that is still accepted: brackets and braces that are open at the same time. */
const MAX_DEPTH = 500;

/** The text is not JSON, or nested too deep. */
export class NotJson extends Error {}

/**
 * Reads JSON (RFC 8259) in the plainest way. Of a member that comes twice, the last counts.
 * @returns the value, and whether a NUL character or a lone surrogate is in any string, names and lost members included
 * @throws NotJson
 */
export function parseJson(text: string): { value: Json; unstorable: boolean } {
  let place = 0;
  let unstorable = false;

  const value = parseValue(0);
  skipSpace();
  if (place !== text.length) {
    fail();
  }
  return { value, unstorable };

  function fail(): never {
    throw new NotJson(`not JSON at character ${place}`);
  }

  function skipSpace(): void {
    while (place < text.length && ' \t\n\r'.includes(text[place]!)) {
      place += 1;
    }
  }

  function accept(token: string): boolean {
    const found = text.startsWith(token, place);
    if (found) {
      place += token.length;
    }
    return found;
  }

  function parseValue(depth: number): Json {
    skipSpace();
    const start = place;
    const parsed = parseBare(depth);
    return { ...parsed, text: text.slice(start, place) } as Json;
  }

  function parseBare(depth: number): object {
    if (accept('{')) {
      return { type: 'object', members: parseMembers(depth + 1) };
    }
    if (accept('[')) {
      return { type: 'list', items: parseItems(depth + 1) };
    }
    if (text[place] === '"') {
      return { type: 'string', value: parseString() };
    }
    if (accept('true')) {
      return { type: 'boolean', value: true };
    }
    if (accept('false')) {
      return { type: 'boolean', value: false };
    }
    if (accept('null')) {
      return { type: 'null' };
    }
    const number = /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
    number.lastIndex = place;
    const [literal] = number.exec(text) ?? fail();
    place += literal.length;
    return { type: 'number' };
  }

  function parseMembers(depth: number): Map<string, Json> {
    checkDepth(depth);
    const members = new Map<string, Json>();
    skipSpace();
    if (accept('}')) {
      return members;
    }
    do {
      skipSpace();
      const name = parseString();
      skipSpace();
      if (!accept(':')) {
        fail();
      }
      members.set(name, parseValue(depth));
      skipSpace();
    } while (accept(','));
    return accept('}') ? members : fail();
  }

  function parseItems(depth: number): Json[] {
    checkDepth(depth);
    const items: Json[] = [];
    skipSpace();
    if (accept(']')) {
      return items;
    }
    do {
      items.push(parseValue(depth));
      skipSpace();
    } while (accept(','));
    return accept(']') ? items : fail();
  }

  function checkDepth(depth: number): void {
    if (depth > MAX_DEPTH) {
      throw new NotJson(`nested deeper than ${MAX_DEPTH} levels`);
    }
  }

  function parseString(): string {
    if (!accept('"')) {
      fail();
    }
    let string = '';
    while (!accept('"')) {
      const character = text[place];
      if (character === undefined || character < ' ') {
        fail();
      }
      place += 1;
      string += character === '\\' ? parseEscape() : character;
    }
    unstorable ||= string.includes('\0') || !string.isWellFormed();
    return string;
  }

  function parseEscape(): string {
    const letter = text[place] ?? fail();
    place += 1;
    if (letter === 'u') {
      const code = text.slice(place, place + 4);
      if (!/^[0-9a-fA-F]{4}$/.test(code)) {
        fail();
      }
      place += 4;
      return String.fromCharCode(parseInt(code, 16));
    }
    const meaning: Record<string, string> = {
      '"': '"',
      '\\': '\\',
      '/': '/',
      b: '\b',
      f: '\f',
      n: '\n',
      r: '\r',
      t: '\t',
    };
    return meaning[letter] ?? fail();
  }
}

/** The member of an object, if it is one and has it. */
export function member(json: Json | undefined, name: string): Json | undefined {
  return json?.type === 'object' ? json.members.get(name) : undefined;
}

/** The value as one text that is the same for equal values: members sorted, numbers as plain decimals. */
export function canonicalJson(json: Json): string {
  switch (json.type) {
    case 'object': {
      const members = [...json.members].sort(([a], [b]) => (a < b ? -1 : 1));
      return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${canonicalJson(value)}`).join()}}`;
    }
    case 'list':
      return `[${json.items.map(canonicalJson).join()}]`;
    case 'string':
      return JSON.stringify(json.value);
    case 'number':
      return plainDecimal(json.text) ?? json.text;
    default:
      return json.text;
  }
}

/** More digits than any number of an order may have; a number with more is no number to us. */
const MAX_DIGITS = 100;

/**
 * The number as a plain decimal without needless zeros: `1.50e2` is `150`, `-0.0` is `0`. Undefined where that would
 * take more than a hundred digits before or after the point.
 */
export function plainDecimal(literal: string): string | undefined {
  const [mantissa = '', exponent = '0'] = literal.toLowerCase().split('e');
  const negative = mantissa.startsWith('-');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  if (!/[1-9]/.test(mantissa)) {
    return '0';
  }
  const digits = whole + fraction;
  // Trailing zeros do not count, nor do leading ones: what counts is where the digits lie.
  const point = whole.length + Number(exponent);
  const first = digits.search(/[1-9]/);
  const last = digits.replace(/0+$/, '').length;
  if (point - first > MAX_DIGITS || last - point > MAX_DIGITS) {
    return undefined;
  }
  const digit = (position: number) => (position >= first && position < last ? digits[position]! : '0');
  let before = '';
  for (let position = Math.min(first, point - 1); position < point; position += 1) {
    before += digit(position);
  }
  let after = '';
  for (let position = point; position < last; position += 1) {
    after += digit(position);
  }
  return `${negative ? '-' : ''}${before.replace(/^0+(?=\d)/, '') || '0'}${after && `.${after}`}`;
}
