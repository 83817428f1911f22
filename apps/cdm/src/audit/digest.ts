import { createHash } from 'node:crypto';

const NAMESPACE = Buffer.from('6e1f0a528d0b5c3e9f642b7a1c9d4e80', 'hex');

/**
 * A digest of the data model, read once more from its description: UUID version 5 over the name and the values, each
 * followed by `|`. It shares no code with what it checks.
 */
export function digestOf(name: string, ...values: string[]): string {
  const text = [name, ...values].map((value) => `${value.replace(/[\\|]/g, '\\$&')}|`).join('');
  const sha1 = createHash('sha1').update(NAMESPACE).update(text).digest('hex');
  const variant = ((parseInt(sha1[16]!, 16) & 3) | 8).toString(16);
  return `${sha1.slice(0, 8)}-${sha1.slice(8, 12)}-5${sha1.slice(13, 16)}-${variant}${sha1.slice(17, 20)}-${sha1.slice(20, 32)}`;
}
