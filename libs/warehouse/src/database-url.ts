/** For error messages: what a variable that names a database has to be. */
export const DATABASE_URLS =
  'postgres://user:password@host:port/database, with special characters percent-encoded; ' +
  'or without a password, which PGPASSWORD then gives as it is';

/**
 * Whether a text is the address of one database. A password with a bare `/`, `?` or `#` ends the part with the host
 * early: its rest would be taken for a host or a database, and stand in logs. No address that could be read in that way
 * is accepted.
 */
export function isDatabaseUrl(text: string): boolean {
  return (
    // One path segment; no `@` behind it, and no fragment.
    /^postgres(ql)?:\/\/[^/?#]*\/[^/?#@]+(\?[^#@]*)?$/.test(text) &&
    URL.canParse(text) &&
    // A bare percent sign would make the decoding of user and password fail.
    !/%(?![0-9a-f]{2})/i.test(text)
  );
}
