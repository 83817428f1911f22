import { hash } from 'node:crypto';

/**
 * Namespace of every digest of the project; `dds.hash_key` in PostgreSQL has the same. Changing it changes every key.
 */
export const NAMESPACE = '6e1f0a52-8d0b-5c3e-9f64-2b7a1c9d4e80';

const namespaceBytes = Buffer.from(NAMESPACE.replaceAll('-', ''), 'hex');
const needsEscape = /[\\|]/;

/**
 * Parts as one text: every part is followed by `|`, and a `\` or `|` inside a part is preceded by `\`; null is `\N`.
 * No two different lists give the same text.
 */
export function joinParts(parts: readonly (string | null)[]): string {
  let text = '';
  for (const part of parts) {
    text += joined(part);
  }
  return text;
}

function joined(part: string | null): string {
  return part === null ? '\\N|' : `${needsEscape.test(part) ? part.replace(/[\\|]/g, '\\$&') : part}|`;
}

/**
 * Room for the namespace and most texts: one call of SHA-1 over one buffer takes half the time of a digest made in
 * steps.
 */
const scratch = Buffer.alloc(4_096);
namespaceBytes.copy(scratch);

declare const digest: unique symbol;

/** The 16 bytes of a UUID, a character each: it is half as long as the text, and sorts as the text does. */
export type Digest = string & { readonly [digest]: true };

/** UUID version 5 (RFC 9562, section 5.5) of a text in the project's namespace. */
function digestOf(text: string): Digest {
  // A character takes at most three bytes in UTF-8.
  const fits = namespaceBytes.length + 3 * text.length <= scratch.length;
  const bytes = fits
    ? scratch.subarray(0, namespaceBytes.length + scratch.write(text, namespaceBytes.length, 'utf8'))
    : Buffer.concat([namespaceBytes, Buffer.from(text, 'utf8')]);
  // As a text: a buffer for each digest takes twice the time.
  const sha1 = hash('sha1', bytes, 'binary');
  const version = String.fromCharCode((sha1.charCodeAt(6) & 0x0f) | 0x50);
  const variant = String.fromCharCode((sha1.charCodeAt(8) & 0x3f) | 0x80);
  return `${sha1.slice(0, 6)}${version}${sha1[7]}${variant}${sha1.slice(9, 16)}` as Digest;
}

/** In lower case with hyphens, as messages have it. */
export function uuidText(key: Digest): string {
  const hex = Buffer.from(key, 'latin1').toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/**
 * Hash key of a hub or link: over its name (`h_user`, `l_order_product`) and the business keys of the hubs it stands
 * for, in the order of the name. Business keys are compared byte for byte: nothing is trimmed or folded.
 */
export function keyDigest(name: string, ...businessKeys: string[]): Digest {
  return digestOf(joined(name) + joinParts(businessKeys));
}

/** The same as a text. */
export function hashKey(name: string, ...businessKeys: string[]): string {
  return uuidText(keyDigest(name, ...businessKeys));
}

/** Hashdiff of a satellite row: over the satellite's name and its attributes in the order of the table. */
export function hashdiff(satellite: string, attributes: readonly (string | null)[]): Digest {
  return digestOf(joined(satellite) + joinParts(attributes));
}
