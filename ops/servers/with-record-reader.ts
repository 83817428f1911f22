import { RecordReader } from '@app/kafka/record-reader';
import { connectKafka } from './connect-kafka';

/**
 * Does work that reads topics of the cluster that the environment names.
 * @throws naming malformed variables, or why no broker can be used
 */
export async function withRecordReader<T>(
  variables: NodeJS.ProcessEnv,
  work: (reader: RecordReader) => Promise<T>,
): Promise<T> {
  const reader = new RecordReader(await connectKafka(variables));
  try {
    return await work(reader);
  } finally {
    await reader.close();
  }
}
