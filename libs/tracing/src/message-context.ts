import { ROOT_CONTEXT, type Context, type SpanContext } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';

/** A message of Kafka. */
export interface Message {
  topic: string;
  partition: number;
  offset: string;
  /** Milliseconds since 1970. */
  timestamp: string;
  headers: readonly (readonly [name: Buffer, value: Buffer | null])[];
}

const PARENT = 'traceparent';
const STATE = 'tracestate';
/** More is no header of W3C Trace Context: https://www.w3.org/TR/trace-context/ */
const LONGEST_PARENT = 256;
const LONGEST_STATE = 512;

const parentName = Buffer.from(PARENT);
const stateName = Buffer.from(STATE);
const propagator = new W3CTraceContextPropagator();

/**
 * The trace that a message belongs to, by its headers. They are whatever a producer sends: what is not valid, or is
 * there twice, counts as absent.
 */
export function contextOf({ headers }: Message): Context {
  const parent = textOf(headers, parentName, LONGEST_PARENT);
  if (parent === undefined) {
    return ROOT_CONTEXT;
  }
  const state = textOf(headers, stateName, LONGEST_STATE);
  return contextOfTexts({ [PARENT]: parent, [STATE]: state });
}

/** The trace that a request belongs to, by its headers as Node has them. */
export function contextOfTexts(texts: Record<string, string | string[] | undefined>): Context {
  return propagator.extract(ROOT_CONTEXT, texts, {
    get: (from, name) => {
      const text = from[name];
      const longest = name === PARENT ? LONGEST_PARENT : LONGEST_STATE;
      return typeof text === 'string' && text.length <= longest ? text : undefined;
    },
    keys: (from) => Object.keys(from),
  });
}

function textOf(headers: Message['headers'], name: Buffer, longest: number): string | undefined {
  if (headers.length === 0) {
    return undefined;
  }
  const [found, ...others] = headers.filter(([one]) => one.equals(name));
  const value = found?.[1];
  return value && others.length === 0 && value.length <= longest ? value.toString('latin1') : undefined;
}

/** The headers that let the next service go on with the trace. */
export function headersOf({
  traceId,
  spanId,
  traceFlags,
  traceState,
}: SpanContext): [name: Buffer, value: Buffer][] {
  const parent = `00-${traceId}-${spanId}-0${traceFlags}`;
  const headers: [Buffer, Buffer][] = [[parentName, Buffer.from(parent, 'latin1')]];
  if (traceState) {
    headers.push([stateName, Buffer.from(traceState.serialize(), 'latin1')]);
  }
  return headers;
}
