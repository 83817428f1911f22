/** What is asked of each place. */
type Asked<Answers extends unknown[]> = { [Place in keyof Answers]: Promise<Answers[Place]> };

/**
 * Answers of statements of one transaction that do not depend on each other's answers: they are sent one behind the
 * other, and PostgreSQL works through them in that order, so all of them take one round trip. A statement of a name
 * may be among them once: where it cannot be prepared, a second would believe that it is.
 * @throws the first error, when all have been answered: nothing is sent any more once the transaction is given up
 */
export async function together<Answers extends unknown[]>(...asked: Asked<Answers>): Promise<Answers> {
  const settled = await Promise.allSettled(asked);
  for (const one of settled) {
    if (one.status === 'rejected') {
      throw one.reason;
    }
  }
  return settled.map((one) => (one as PromiseFulfilledResult<unknown>).value) as Answers;
}
