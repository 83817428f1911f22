import { createHash } from 'node:crypto';

const namespace = '6e1f0a52-8d0b-5c3e-9f64-2b7a1c9d4e80';

/** A UUID of version 5 (RFC 9562, section 5.5). */
export function uuid5(name: string): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest();
  bytes[6] = 0x50 + (bytes[6]! % 0x10);
  bytes[8] = 0x80 + (bytes[8]! % 0x40);
  const hex = bytes.toString('hex');
  const groups = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)];
  return groups.join('-');
}

/**
 * Hash key of a hub or link from its name and business keys, or hashdiff of a satellite from its name and attributes.
 */
export function hashKey(name: string, ...parts: (string | null)[]): string {
  const joined = [name, ...parts].map((part) =>
    part === null ? '\\N|' : `${part.replaceAll('\\', '\\\\').replaceAll('|', '\\|')}|`,
  );
  return uuid5(joined.join(''));
}
