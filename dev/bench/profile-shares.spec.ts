import { describe, expect, it } from 'vitest';
import { profileShares, type CpuProfile } from './profile-shares';

const frames: [functionName: string, url: string, microseconds: number][] = [
  ['stageOrders', 'file:///there/dist/apps/stg/main.js', 100],
  ['parseJson', 'file:///there/dist/apps/stg/main.js', 200],
  ['parseJson', 'file:///there/node_modules/other/index.js', 10],
  ['decode', 'file:///there/node_modules/kafkajs/src/index.js', 300],
  ['parse', 'file:///there/node_modules/pg-protocol/dist/parser.js', 50],
  ['query', 'file:///there/node_modules/pg/lib/client.js', 50],
  ['(garbage collector)', '', 90],
  ['writev', '', 200],
  ['(idle)', '', 5_000],
];
const profile: CpuProfile = {
  nodes: frames.map(([functionName, url], id) => ({ id, callFrame: { functionName, url } })),
  samples: frames.flatMap((_, id) => [id, id]),
  timeDeltas: frames.flatMap(([, , time]) => [time / 2, time / 2]),
};

describe('shares of a profile', () => {
  it('are of the time that the process worked, by what is on top of the stack', () => {
    expect(profileShares(profile)).toEqual({
      'own code': 0.1,
      JSON: 0.2,
      Kafka: 0.3,
      PostgreSQL: 0.1,
      garbage: 0.09,
      'Node and the rest': 0.21,
    });
  });
});
