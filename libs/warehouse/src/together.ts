/** SQLSTATE of a statement that comes after one that failed. */
const IN_FAILED_TRANSACTION = '25P02';

/** What is asked of each place. */
type Asked<Answers extends unknown[]> = { [Place in keyof Answers]: Promise<Answers[Place]> };

/**
 * Answers of statements of one transaction that do not depend on each other's answers: they are sent one behind the
 * other, and PostgreSQL works through them in that order, so all of them take one round trip. A statement of a name
 * may be among them once: where it cannot be prepared, a second would believe that it is.
 * @throws the first error, when all have been answered: nothing is sent any more once the transaction is given up. That
 *   statements fail because the transaction has failed says nothing, so such an error is thrown only where it is alone
 */
export async function together<Answers extends unknown[]>(...asked: Asked<Answers>): Promise<Answers> {
  const settled = await Promise.allSettled(asked);
  const errors = settled.filter((one) => one.status === 'rejected').map(({ reason }) => reason as unknown);
  if (errors.length > 0) {
    throw errors.find((error) => !isOfFailedTransaction(error)) ?? errors[0];
  }
  return settled.map((one) => (one as PromiseFulfilledResult<unknown>).value) as Answers;
}

function isOfFailedTransaction(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === IN_FAILED_TRANSACTION;
}
