import { createHash } from 'node:crypto';

/** Namespace of every digest of the project; `dds.hash_key` in PostgreSQL has the same. Changing it changes every key. */
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
    text += part === null ? '\\N|' : `${needsEscape.test(part) ? part.replace(/[\\|]/g, '\\$&') : part}|`;
  }
  return text;
}

/** UUID version 5 (RFC 9562, section 5.5) of a text in the project's namespace, in lower case with hyphens. */
function uuidOf(text: string): string {
  const digest = createHash('sha1').update(namespaceBytes).update(text, 'utf8').digest();
  digest[6] = (digest[6]! & 0x0f) | 0x50;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  const hex = digest.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/**
 * Hash key of a hub or link: over its name (`h_user`, `l_order_product`) and the business keys of the hubs it stands for,
 * in the order of the name. Business keys are compared byte for byte: nothing is trimmed or folded.
 */
export function hashKey(name: string, ...businessKeys: string[]): string {
  return uuidOf(joinParts([name, ...businessKeys]));
}

/** Hashdiff of a satellite row: over the satellite's name and its attributes in the order of the table. */
export function hashdiff(satellite: string, ...attributes: (string | null)[]): string {
  return uuidOf(joinParts([satellite, ...attributes]));
}
