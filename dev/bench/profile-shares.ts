import { parseJson, parseMessage } from '@app/contracts/parse-message';
import { encodeJson, excerpt, isJsonObject } from '@app/values/json-text';

/** Lines and columns from 0. */
export interface CallFrame {
  functionName: string;
  url: string;
  lineNumber: number;
  columnNumber: number;
}

/**
 * What V8 writes with `--cpu-prof`: which node of the tree of calls it was in at each sample, and microseconds since
 * the one before.
 */
export interface CpuProfile {
  nodes: { id: number; callFrame: CallFrame }[];
  samples: number[];
  timeDeltas: number[];
}

export const workKinds = ['own code', 'JSON', 'Kafka', 'PostgreSQL', 'garbage', 'Node and the rest'] as const;
export type WorkKind = (typeof workKinds)[number];

/** The functions that read and write JSON, by name. */
const jsonFunctions = new Set(
  [parseJson, parseMessage, encodeJson, excerpt, isJsonObject].map(({ name }) => name),
);

/**
 * The time that a process worked, by what it worked on, as shares of 1. Waiting is not work.
 * @param sourceOf the file that a function of a bundle was written in; undefined for what is not in a bundle
 */
export function profileShares(
  { nodes, samples, timeDeltas }: CpuProfile,
  sourceOf: (frame: CallFrame) => string | undefined,
): Record<WorkKind, number> {
  const kinds = new Map(
    nodes.map(({ id, callFrame }) => [id, workKind(callFrame.functionName, sourceOf(callFrame))]),
  );
  const times = Object.fromEntries(workKinds.map((kind) => [kind, 0])) as Record<WorkKind, number>;
  let all = 0;
  samples.forEach((id, place) => {
    const kind = kinds.get(id);
    if (kind === undefined) {
      return;
    }
    times[kind] += timeDeltas[place]!;
    all += timeDeltas[place]!;
  });
  workKinds.forEach((kind) => (times[kind] /= all));
  return times;
}

/** @returns undefined for waiting */
function workKind(functionName: string, source = ''): WorkKind | undefined {
  if (functionName === '(idle)') {
    return undefined;
  }
  if (functionName === '(garbage collector)') {
    return 'garbage';
  }
  if (source.includes('/node_modules/kafkajs/')) {
    return 'Kafka';
  }
  if (/\/node_modules\/pg(-\w+)*\//.test(source)) {
    return 'PostgreSQL';
  }
  if (!/\/(apps|libs)\//.test(source) || source.includes('/node_modules/')) {
    return 'Node and the rest';
  }
  return jsonFunctions.has(functionName) ? 'JSON' : 'own code';
}
