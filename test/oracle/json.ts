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
  const reader = new JsonReader(text);
  const value = reader.readAll();
  return { value, unstorable: reader.unstorable };
}

const escapes: Record<string, string> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

class JsonReader {
  unstorable = false;
  private place = 0;

  constructor(private readonly text: string) {}

  readAll(): Json {
    const value = this.readValue(0);
    this.skipSpace();
    return this.place === this.text.length ? value : this.fail();
  }

  private readValue(depth: number): Json {
    this.skipSpace();
    const start = this.place;
    const value = this.readBare(depth);
    return { ...value, text: this.text.slice(start, this.place) } as Json;
  }

  private readBare(depth: number): object {
    if (this.accept('{')) {
      return { type: 'object', members: this.readMembers(depth + 1) };
    }
    if (this.accept('[')) {
      return { type: 'list', items: this.readItems(depth + 1) };
    }
    if (this.text[this.place] === '"') {
      return { type: 'string', value: this.readString() };
    }
    if (this.accept('true')) {
      return { type: 'boolean', value: true };
    }
    if (this.accept('false')) {
      return { type: 'boolean', value: false };
    }
    if (this.accept('null')) {
      return { type: 'null' };
    }
    const number = /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
    number.lastIndex = this.place;
    const [literal] = number.exec(this.text) ?? this.fail();
    this.place += literal.length;
    return { type: 'number' };
  }

  private readMembers(depth: number): Map<string, Json> {
    checkDepth(depth);
    const members = new Map<string, Json>();
    this.skipSpace();
    if (this.accept('}')) {
      return members;
    }
    do {
      this.skipSpace();
      const name = this.readString();
      this.skipSpace();
      if (!this.accept(':')) {
        this.fail();
      }
      members.set(name, this.readValue(depth));
      this.skipSpace();
    } while (this.accept(','));
    return this.accept('}') ? members : this.fail();
  }

  private readItems(depth: number): Json[] {
    checkDepth(depth);
    const items: Json[] = [];
    this.skipSpace();
    if (this.accept(']')) {
      return items;
    }
    do {
      items.push(this.readValue(depth));
      this.skipSpace();
    } while (this.accept(','));
    return this.accept(']') ? items : this.fail();
  }

  private readString(): string {
    if (!this.accept('"')) {
      this.fail();
    }
    let string = '';
    while (!this.accept('"')) {
      const character = this.text[this.place] ?? this.fail();
      if (character < ' ') {
        this.fail();
      }
      this.place += 1;
      string += character === '\\' ? this.readEscape() : character;
    }
    this.unstorable ||= string.includes('\0') || !string.isWellFormed();
    return string;
  }

  private readEscape(): string {
    const letter = this.text[this.place] ?? this.fail();
    this.place += 1;
    if (letter !== 'u') {
      return escapes[letter] ?? this.fail();
    }
    const code = this.text.slice(this.place, this.place + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(code)) {
      this.fail();
    }
    this.place += 4;
    return String.fromCharCode(parseInt(code, 16));
  }

  private skipSpace(): void {
    while (this.place < this.text.length && ' \t\n\r'.includes(this.text[this.place]!)) {
      this.place += 1;
    }
  }

  private accept(token: string): boolean {
    const found = this.text.startsWith(token, this.place);
    if (found) {
      this.place += token.length;
    }
    return found;
  }

  private fail(): never {
    throw new NotJson(`not JSON at character ${this.place}`);
  }
}

function checkDepth(depth: number): void {
  if (depth > MAX_DEPTH) {
    throw new NotJson(`nested deeper than ${MAX_DEPTH} levels`);
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
