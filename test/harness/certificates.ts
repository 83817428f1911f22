import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'selfsigned';

/** Paths of PEM files. */
export interface Certificates {
  authority: string;
  certificate: string;
  key: string;
}

/**
 * An authority of its own, and a certificate of it for servers that are reached as `localhost`: by that name alone, not
 * by address.
 * @param name the beginning of the files' names
 */
export async function makeCertificates(folder: string, name: string): Promise<Certificates> {
  const common = { keyType: 'ec', algorithm: 'sha256' } as const;
  const authority = await generate([{ name: 'commonName', value: `${name} authority` }], {
    ...common,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const server = await generate([{ name: 'commonName', value: 'localhost' }], {
    ...common,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
    ],
  });
  const file = (role: string, content: string) => {
    const path = join(folder, `${name}-${role}.pem`);
    writeFileSync(path, content);
    return path;
  };
  return {
    authority: file('authority', authority.cert),
    certificate: file('certificate', server.cert),
    key: file('key', server.private),
  };
}
