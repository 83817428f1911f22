/*
 * The driver takes settings of a session from the environment, as psql does. What a shell or a Secret of another
 * program sets must not reach the statements of a batch. PGPASSWORD stays: it is the password where DATABASE_URL has
 * none.
 */
for (const name of ['PGOPTIONS', 'PGCLIENT_ENCODING', 'PGBINARY', 'PGREPLICATION']) {
  delete process.env[name];
}
