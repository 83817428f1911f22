import { createRequire } from 'node:module';

/*
 * Where kafkajs needs to know brokers and no topic, to read the settings of one or to make one, it asks for all topics of the cluster, and
 * fails while a partition of any of them, a stranger's too, has no leader (tulios/kafkajs#1520). Here it then asks for none. So
 * `listTopics` lists none: see existing-topics.ts. Imported for that effect, by programs that list no topics, before the first client is made.
 */
type Request = (asked: { topics: string[]; allowAutoTopicCreation?: boolean }) => {
  encode(): Promise<{ writeInt32(value: number): unknown }>;
};

const require = createRequire(import.meta.url);
const Encoder = require('kafkajs/src/protocol/encoder.js') as new () => {
  writeInt32(value: number): { writeBoolean(value: boolean): never };
};
const file = require.resolve('kafkajs/src/protocol/requests/metadata/v6/request.js');
const plain = require(file) as Request;

const askForNoTopics: Request = ({ topics, allowAutoTopicCreation = true }) => {
  const request = plain({ topics, allowAutoTopicCreation });
  return topics.length > 0
    ? request
    : { ...request, encode: async () => new Encoder().writeInt32(0).writeBoolean(allowAutoTopicCreation) };
};
require.cache[file]!.exports = askForNoTopics;
