import { isUtf8 } from 'node:buffer';
import { LosslessNumber, parse, stringify } from 'lossless-json';
import { MessageRefused } from './dead-letter.contract';

/** PostgreSQL reads nested JSON by recursion and gives up at some depth of its stack, with an error that looks like its own fault. */
const MAX_DEPTH = 500;

/** A number with more digits than a binary float keeps, or with an exponent. It may match inside a text, which costs time only. */
const hasLongNumber = /(?:^|[:[,])\s*-?(?:\d[\d.]{15,}|[\d.]+[eE])/;

/**
 * Reads the value of a message as a JSON object. Numbers are exact, see {@link ExactNumber}.
 * @throws MessageRefused `empty`, `not_utf8`, `invalid_json` or `invalid_text`
 */
export function parseMessage(value: Buffer | null): { text: string; object: Record<string, unknown> } {
  if (value === null || value.length === 0) {
    throw new MessageRefused(
      'empty',
      value === null ? 'the message has no value' : 'the value has zero bytes',
    );
  }
  if (!isUtf8(value)) {
    throw new MessageRefused('not_utf8', 'the value is not UTF-8');
  }
  const text = value.toString('utf8');
  const object = parseJson(text);
  if (!isJsonObject(object)) {
    throw new MessageRefused('invalid_json', `the value must be a JSON object, got ${excerpt(object)}`);
  }
  return { text, object };
}

/**
 * JSON with exact numbers and with text that PostgreSQL can store. Of a member that comes twice, the last counts.
 * @throws MessageRefused `invalid_json` or `invalid_text`
 */
export function parseJson(text: string): unknown {
  let value: unknown;
  refuseDeepNesting(text);
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new MessageRefused('invalid_json', `the value is not JSON: ${(error as Error).message}`);
  }
  refuseUnstorableText(text);
  return hasLongNumber.test(text)
    ? parse(text, undefined, { parseNumber: exactNumber, onDuplicateKey: ({ newValue }) => newValue })
    : value;
}

/** JSON text of a value whose numbers are {@link ExactNumber}s. */
export function encodeJson(value: unknown): string {
  const text = JSON.stringify(value);
  // The slow way writes exact numbers as they are; JSON.stringify shows them as objects that name their class.
  return text.includes('"isLosslessNumber":true') ? stringify(value)! : text;
}

/** A value as it may stand in an error message: JSON, at most 100 characters. */
export function excerpt(value: unknown): string {
  const text = value === undefined ? 'nothing' : encodeJson(value);
  return text.length <= 100 ? text : `${text.slice(0, 100)}…`.toWellFormed();
}

/** An exact number is an object of a class, too. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof LosslessNumber)
  );
}

function exactNumber(text: string): number | LosslessNumber {
  return /^-?[\d.]{1,16}$/.test(text) && text.replace(/\D/g, '').length <= 15
    ? Number(text)
    : new LosslessNumber(text);
}

/** Brackets inside texts are no nesting. Only a text of twice as many characters can nest so deep. */
function refuseDeepNesting(text: string): void {
  if (text.length < 2 * MAX_DEPTH) {
    return;
  }
  let depth = 0;
  let inText = false;
  for (let place = 0; place < text.length; place += 1) {
    const character = text[place];
    if (inText) {
      if (character === '\\') {
        place += 1;
      } else if (character === '"') {
        inText = false;
      }
    } else if (character === '"') {
      inText = true;
    } else if (character === '[' || character === '{') {
      depth += 1;
      if (depth > MAX_DEPTH) {
        throw new MessageRefused('invalid_json', `the value is nested deeper than ${MAX_DEPTH} levels`);
      }
    } else if (character === ']' || character === '}') {
      depth -= 1;
    }
  }
}

/**
 * Looks at the escapes in the text itself, so that names of members, and members that come twice, are covered too: a NUL can only
 * be written as an escape in valid JSON, and a surrogate of valid UTF-8 that stands alone only as well.
 */
function refuseUnstorableText(text: string): void {
  if (!text.includes('\\u')) {
    return;
  }
  for (const [escape] of text.matchAll(
    /\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\./g,
  )) {
    if (escape === '\\u0000') {
      throw new MessageRefused('invalid_text', 'the value has a NUL character');
    }
    if (/^\\u[dD][89a-fA-F]..$/.test(escape)) {
      throw new MessageRefused('invalid_text', `the value has a lone surrogate, ${escape}`);
    }
  }
}
