import Encoder from 'kafkajs/src/protocol/encoder.js';
import metadata, { type Asked, type Call } from 'kafkajs/src/protocol/requests/metadata/index.js';

/*
 * Where kafkajs needs to know brokers and no topic, to read the settings of one or to make one, it asks for all topics
 * of the cluster, and fails while a partition of any of them, a stranger's too, has no leader (tulios/kafkajs#1520).
 * Here it then asks for none. So `listTopics` lists none: see existing-topics.ts. Imported for that effect, by programs
 * that list no topics, before the first client is made.
 */
const { protocol } = metadata;

/** Brokers of Kafka 1.1 and newer take this version, the newest that kafkajs has. */
metadata.protocol = ({ version }) =>
  version === 6 ? (asked) => forNoTopics(asked, protocol({ version })(asked)) : protocol({ version });

function forNoTopics({ topics, allowAutoTopicCreation = true }: Asked, call: Call): Call {
  if (topics.length > 0) {
    return call;
  }
  const encode = async () => new Encoder().writeInt32(0).writeBoolean(allowAutoTopicCreation);
  return { ...call, request: { ...call.request, encode } };
}
