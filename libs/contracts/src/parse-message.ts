import { constants, isUtf8 } from 'node:buffer';
import { LosslessNumber, parse } from 'lossless-json';
import { excerpt, isJsonObject } from '@app/values/json-text';
import { MessageRefused } from './dead-letter.contract';

/**
 * PostgreSQL reads nested JSON by recursion and gives up at some depth of its stack, with an error that looks like its
 * own fault.
 */
export const MAX_DEPTH = 500;

/**
 * A message of so many members and elements takes some 70 MB as objects, however few bytes it has: compressed, millions
 * of `{}` are some kilobytes.
 */
export const MOST_VALUES = 500_000;

/** A number of so many characters, or one with an exponent, may have more digits than a binary float keeps. */
const LONG_NUMBER = 16;

/**
 * Reads the value of a message as a JSON object. Numbers are exact, see {@link ExactNumber}.
 * @throws MessageRefused `empty`, `message_too_large`, `not_utf8`, `invalid_json` or `invalid_text`
 */
export function parseMessage(value: Buffer | null): Record<string, unknown> {
  if (value === null || value.length === 0) {
    throw new MessageRefused(
      'empty',
      value === null ? 'the message has no value' : 'the value has zero bytes',
    );
  }
  if (value.length > constants.MAX_STRING_LENGTH) {
    throw new MessageRefused('message_too_large', `the value has ${value.length} bytes, too many for a text`);
  }
  if (!isUtf8(value)) {
    throw new MessageRefused('not_utf8', 'the value is not UTF-8');
  }
  const object = parseJson(value.toString('utf8'));
  if (!isJsonObject(object)) {
    throw new MessageRefused('invalid_json', `the value must be a JSON object, got ${excerpt(object)}`);
  }
  return object;
}

/**
 * JSON with exact numbers and with text that PostgreSQL can store. Of a member that comes twice, the last counts.
 * @throws MessageRefused `message_too_large`, `invalid_json` or `invalid_text`
 */
export function parseJson(text: string): unknown {
  refuseTooMany(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new MessageRefused('invalid_json', `the value is not JSON: ${(error as Error).message}`);
  }
  const { depth, hasLongNumber } = shapeOf(text);
  if (depth > MAX_DEPTH) {
    throw new MessageRefused('invalid_json', `the value is nested deeper than ${MAX_DEPTH} levels`);
  }
  refuseUnstorableText(text);
  return hasLongNumber
    ? parse(text, undefined, { parseNumber: exactNumber, onDuplicateKey: ({ newValue }) => newValue })
    : value;
}

/** Before it is read, so the text may be no JSON. */
function refuseTooMany(text: string): void {
  // Each takes two characters at least.
  if (text.length < 2 * MOST_VALUES) {
    return;
  }
  let values = 0;
  for (let place = 0; place < text.length; place += 1) {
    const character = text.charCodeAt(place);
    if (character === QUOTE) {
      place = endOfText(text, place);
    } else if (character === 0x2c || character === 0x5b || character === 0x7b /* , [ { */) {
      values += 1;
    }
  }
  if (values > MOST_VALUES) {
    throw new MessageRefused(
      'message_too_large',
      `the value has more than ${MOST_VALUES.toLocaleString('en')} members and elements`,
    );
  }
}

function exactNumber(text: string): number | LosslessNumber {
  return /^-?[\d.]{1,16}$/.test(text) && text.replace(/\D/g, '').length <= 15
    ? Number(text)
    : new LosslessNumber(text);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Levels of nesting of a valid JSON text, and whether a number may be longer than a binary float keeps. Texts in it are
 * passed over.
 */
function shapeOf(json: string): { depth: number; hasLongNumber: boolean } {
  let level = 0;
  let depth = 0;
  let hasLongNumber = false;
  for (let place = 0; place < json.length; place += 1) {
    const character = json.charCodeAt(place);
    if (character === QUOTE) {
      place = endOfText(json, place);
    } else if (character === 0x5b || character === 0x7b /* [ { */) {
      level += 1;
      depth = Math.max(depth, level);
    } else if (character === 0x5d || character === 0x7d /* ] } */) {
      level -= 1;
    } else if (isDigit(character)) {
      const end = endOfNumber(json, place);
      const next = json.charCodeAt(end) | 0x20;
      hasLongNumber ||= end - place >= LONG_NUMBER || next === 0x65; /* e, E */
      place = end - 1;
    }
  }
  return { depth, hasLongNumber };
}

/** @returns the place of the closing quote: the next one behind an even number of backslashes; the end without one */
function endOfText(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); ; end = json.indexOf('"', end + 1)) {
    if (end < 0) {
      return json.length;
    }
    let backslashes = 0;
    while (json.charCodeAt(end - 1 - backslashes) === BACKSLASH) {
      backslashes += 1;
    }
    if (backslashes % 2 === 0) {
      return end;
    }
  }
}

function endOfNumber(json: string, start: number): number {
  let end = start + 1;
  while (isDigit(json.charCodeAt(end)) || json.charCodeAt(end) === 0x2e /* . */) {
    end += 1;
  }
  return end;
}

function isDigit(character: number): boolean {
  return character >= 0x30 && character <= 0x39;
}

/**
 * Looks at the escapes in the text itself, so that names of members, and members that come twice, are covered too: a
 * NUL can only be written as an escape in valid JSON, and a surrogate of valid UTF-8 that stands alone only as well.
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
