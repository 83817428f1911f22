import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Whether that is a file with a certificate (PEM) that this process can read. */
export function isCertificateFile(path: string): boolean {
  try {
    return new X509Certificate(readFileSync(path, 'utf8')).subject !== undefined;
  } catch {
    return false;
  }
}
