import Decoder from 'kafkajs/src/protocol/decoder.js';
import type { Header } from './outgoing-message';

/*
 * kafkajs makes a plain object of the headers of a record: the order across names is lost, names that are no UTF-8 are
 * changed, and one that every object has, as `constructor`, is mixed with what the object has under it. Its decoder
 * reads an array of this encoding for headers and for nothing else, and folds it by `reduce`: the one place at which
 * the list can be kept as it came.
 */
const none: readonly Header[] = [];

Decoder.prototype.readVarIntArray = function (this: Decoder) {
  const headers = readHeaders(this);
  return { reduce: () => headers } as unknown as unknown[];
};

function readHeaders(decoder: Decoder): readonly Header[] {
  const count = decoder.readVarInt();
  if (count <= 0) {
    return none;
  }
  return Array.from({ length: count }, (): Header => {
    const name = decoder.readVarIntBytes()!;
    return [name, decoder.readVarIntBytes()];
  });
}

/**
 * The headers of a message that kafkajs has read in a process that has loaded this file, in their order.
 * @param message its type says that headers are an object; old formats have none
 */
export function headersOf(message: { headers?: object }): readonly Header[] {
  return (message.headers as readonly Header[] | undefined) ?? none;
}
