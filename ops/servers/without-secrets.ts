import { isCertificateFile } from '@app/service/is-certificate-file';
import { DATABASE_URLS, isDatabaseUrl } from '@app/warehouse/database-url';

/**
 * The address without the password.
 * @param variable that holds it
 * @throws where it is missing or malformed
 */
export function withoutSecrets(databaseUrl: string | undefined, variable = 'DATABASE_URL'): string {
  if (!databaseUrl) {
    throw new Error(`${variable} is missing: it is ${DATABASE_URLS}.`);
  }
  if (!isDatabaseUrl(databaseUrl)) {
    throw new Error(`${variable} is malformed: it is ${DATABASE_URLS}.`);
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
