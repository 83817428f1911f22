/** The largest number of milliseconds that Kafka takes here: no limit. */
const noLimit = String(2n ** 63n - 1n);

/** Settings with which a topic takes messages of any time, in Kafka 3.6 and newer. */
export const anyTime: Record<string, string> = {
  'message.timestamp.before.max.ms': noLimit,
  'message.timestamp.after.max.ms': noLimit,
};

/** The same in Kafka up to 3.9. */
export const anyTimeBefore: Record<string, string> = { 'message.timestamp.difference.max.ms': noLimit };
