import { isCertificateFile } from '@app/service/is-certificate-file';

/**
 * The address without the password.
 * @param variable that holds it
 * @throws where it is missing or malformed
 */
export function withoutSecrets(databaseUrl: string | undefined, variable = 'DATABASE_URL'): string {
  const expected = 'postgres://user:password@host:port/database';
  if (!databaseUrl) {
    throw new Error(`${variable} is missing: it is ${expected}.`);
  }
  if (!/^postgres(ql)?:\/\//.test(databaseUrl) || !URL.canParse(databaseUrl)) {
    throw new Error(`${variable} is malformed: it is ${expected}, with special characters percent-encoded.`);
  }
  const { username, host, pathname, searchParams } = new URL(databaseUrl);
  const authority = searchParams.get('sslrootcert');
  if (authority !== null && !isCertificateFile(authority)) {
    throw new Error(
      `${variable} names sslrootcert=${authority}: no file with a certificate (PEM) that can be read.`,
    );
  }
  return `postgres://${username}@${host}${pathname}`;
}

/** A host with several addresses is refused with an error that holds one for each and says nothing itself. */
export function reason(error: unknown): string {
  if (error instanceof AggregateError && !error.message) {
    return error.errors.map(reason).join(', ');
  }
  return error instanceof Error ? error.message : String(error);
}
