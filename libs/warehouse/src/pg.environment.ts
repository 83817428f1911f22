/*
 * The driver takes settings of a session from the environment, as psql does, where nothing else is set.
 * DATABASE_URL alone says how the warehouse is reached; what a shell or a Secret of somebody else's sets must not reach
 * the statements of a batch.
 */
for (const name of ['PGOPTIONS', 'PGCLIENT_ENCODING', 'PGBINARY', 'PGREPLICATION']) {
  delete process.env[name];
}
