import { describe, expect, it } from 'vitest';
import { profileShares, type CpuProfile } from './profile-shares';

const frames: [functionName: string, source: string | undefined, microseconds: number][] = [
  ['stageOrders', 'webpack://order-vault/./apps/stg/src/order/stage-orders.ts', 100],
  ['parseJson', 'webpack://order-vault/./libs/contracts/src/parse-message.ts', 200],
  ['parseJson', 'webpack://order-vault/./node_modules/other/libs/index.js', 10],
  ['decode', 'webpack://order-vault/./node_modules/kafkajs/src/index.js', 300],
  ['parse', 'webpack://order-vault/./node_modules/pg-protocol/dist/parser.js', 50],
  ['query', 'webpack://order-vault/./node_modules/pg/lib/client.js', 50],
  ['(garbage collector)', undefined, 90],
  ['writev', undefined, 200],
  ['(idle)', undefined, 5_000],
];
const profile: CpuProfile = {
  nodes: frames.map(([functionName], id) => ({
    id,
    callFrame: { functionName, url: 'file:///there/dist/apps/stg/main.js', lineNumber: id, columnNumber: 0 },
  })),
  samples: frames.flatMap((_, id) => [id, id]),
  timeDeltas: frames.flatMap(([, , time]) => [time / 2, time / 2]),
};

describe('shares of a profile', () => {
  it('are of the time that the process worked, by what is on top of the stack', () => {
    expect(profileShares(profile, ({ lineNumber }) => frames[lineNumber]![1])).toEqual({
      'own code': 0.1,
      JSON: 0.2,
      Kafka: 0.3,
      PostgreSQL: 0.1,
      garbage: 0.09,
      'Node and the rest': 0.21,
    });
  });
});
