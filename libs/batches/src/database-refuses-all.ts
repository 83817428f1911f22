/**
 * PostgreSQL refuses different messages for one SQLSTATE, and stores none: something is wrong with a table or a
 * trigger.
 */
export class DatabaseRefusesAll extends Error {
  /** @param reason what PostgreSQL said last, in words that may stand in logs */
  constructor(reason: string) {
    super(
      `PostgreSQL refuses every message, and stores none: ${reason}. The messages are kept; look at constraints, triggers and ` +
        `sequences of the database`,
    );
  }
}
