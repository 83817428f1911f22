import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/*
 * What `kafkajs-headers` and `record-batch` are for: where one of these fails, kafkajs does it right by itself, and
 * they can go.
 */
describe('plain kafkajs', () => {
  const inPlainNode = (script: string) =>
    JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })) as unknown;

  it('cannot write a header without a value', () => {
    const error = inPlainNode(`
      const encode = require('kafkajs/src/protocol/recordBatch/record/v0');
      try {
        encode({ key: null, value: null, headers: { none: null } });
        console.log(null);
      } catch (error) {
        console.log(JSON.stringify(error.name));
      }`);
    expect(error).toBe('TypeError');
  });

  it('does not read headers as they came', () => {
    const headers = inPlainNode(`
      const Encoder = require('kafkajs/src/protocol/encoder');
      const Decoder = require('kafkajs/src/protocol/decoder');
      const decode = require('kafkajs/src/protocol/recordBatch/record/v0/decoder');
      const header = require('kafkajs/src/protocol/recordBatch/header/v0');
      const names = ['b', 'a', 'b', 'constructor'];
      const { buffer } = new Encoder().writeInt8(0).writeVarInt(0).writeVarInt(0).writeVarInt(-1).writeVarInt(-1)
        .writeVarIntArray(names.map((key) => header({ key, value: 'x' })));
      const { headers } = decode(new Decoder(buffer), { firstOffset: '0', firstTimestamp: '0' });
      console.log(JSON.stringify([Object.keys(headers), Array.isArray(headers.constructor)]));`);
    expect(headers).toEqual([['b', 'a', 'constructor'], true]);
  });
});
