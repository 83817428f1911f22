import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dictionary, userEntry } from './guarantees/orders/small-town';
import { sourceText } from './guarantees/orders/source-text';
import { sources } from './harness/pipeline';
import type { ServiceName } from './harness/service-process';
import type { RawHeader } from './harness/send-raw';
import { SpanReceiver, traceText, type ReceivedSpan } from './harness/span-receiver';
import { usePipeline } from './harness/use-pipeline';
import { samplesOf } from './metrics/exposition';

/*
 * Traces of OpenTelemetry, as a real receiver gets them. A service sends its spans a second after the first of them, so
 * each look waits.
 */
const LONG_MS = 90_000;
const TOKEN = 'the token of this test';
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = `00-${TRACE}-00f067aa0ba902b7-01`;

const receiver = await new SpanReceiver().listen();
// A receiver that does not answer is given up after a second, not ten.
const tracing = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.address, OTEL_EXPORTER_OTLP_TIMEOUT: '1000' };
const pipeline = usePipeline({
  partitions: 1,
  variables: { stg: tracing, dds: tracing, cdm: { ...tracing, API_TOKEN: TOKEN } },
});

beforeAll(() => pipeline.dictionary.put(dictionary));
afterAll(() => receiver.close());

/** In one batch. */
async function send(...messages: { value: string; headers?: RawHeader[] }[]): Promise<void> {
  await pipeline.topics.sendRaw(sources.stg, messages);
  await pipeline.settled();
}

/** What was received, as soon as it is so many. */
async function received(count: number, isMeant: (span: ReceivedSpan) => boolean): Promise<ReceivedSpan[]> {
  const found = () => receiver.spans.filter(isMeant);
  await expect.poll(found, { timeout: LONG_MS }).toHaveLength(count);
  return found();
}

/** The span of what a service did with the message of an order. */
async function spanOf(service: string, order: number, operation = 'process'): Promise<ReceivedSpan> {
  const [span] = await received(
    1,
    ({ name, attributes, ...sent }) =>
      sent.service === service &&
      name.startsWith(`${operation} `) &&
      attributes['order_vault.object_id'] === String(order),
  );
  return span!;
}

/** The lines of a service's log that say this. */
function linesOf(service: ServiceName, msg: string): Record<string, unknown>[] {
  const lines = readFileSync(pipeline.service(service).log, 'utf8').trimEnd().split('\n');
  return lines.map((one) => JSON.parse(one) as Record<string, unknown>).filter((one) => one.msg === msg);
}

/** The headers of what a service sent on of an order, by name. */
async function headersOf(service: 'stg' | 'dds', order: number): Promise<Record<string, string>> {
  const messages = await pipeline.outputs(service);
  const { headers } = messages.find(({ value }) => String(value).includes(`"object_id":${order},`))!;
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

describe('the trace of an order', () => {
  it('goes through the three services, with stages and statements', async () => {
    await send({ value: sourceText({ id: 1 }) });
    const { traceId } = await spanOf('cdm', 1);
    const text = () =>
      traceText(receiver.trace(traceId)).map((line) => line.replaceAll(pipeline.topics.name(''), ''));
    const isStatement = (line: string) => /^ +([A-Z]+|[a-z_.]*_[a-z_]+|settings) \(/.test(line);
    // Spans come in the order in which they end, some at a time.
    await expect
      .poll(() => text().filter((line) => !isStatement(line)), { timeout: LONG_MS })
      .toEqual([
        'process order-service_orders (stg)',
        '  batch order-service_orders (stg)',
        '    read (stg)',
        '    handle (stg)',
        '    publish (stg)',
        '    commit (stg)',
        '  process stg-service-orders (dds)',
        '    batch stg-service-orders (dds)',
        '      read (dds)',
        '      handle (dds)',
        '      publish (dds)',
        '      commit (dds)',
        '    process dds-service-orders (cdm)',
        '      batch dds-service-orders (cdm)',
        '        read (cdm)',
        '        handle (cdm)',
        '        publish (cdm)',
        '        commit (cdm)',
      ]);
    const statements = text()
      .filter(isStatement)
      .map((line) => line.trim());
    expect(statements).toEqual(
      expect.arrayContaining([
        'insert_new_orders (stg)',
        'COMMIT (stg)',
        'dds.h_order (dds)',
        'write_ledger (cdm)',
      ]),
    );
  });

  it('goes on with that of the source', async () => {
    const headers: RawHeader[] = [
      ['traceparent', PARENT],
      ['tracestate', 'vendor=1'],
    ];
    await send({ value: sourceText({ id: 2 }), headers });
    expect(await spanOf('stg', 2)).toMatchObject({ traceId: TRACE, parentSpanId: '00f067aa0ba902b7' });
    expect(await spanOf('cdm', 2)).toMatchObject({ traceId: TRACE, traceState: 'vendor=1' });
    const { spanId } = await spanOf('dds', 2);
    expect(await headersOf('dds', 2)).toEqual({
      traceparent: `00-${TRACE}-${spanId}-01`,
      tracestate: 'vendor=1',
    });
  });

  it('is none where that of the source is not sampled', async () => {
    await send({ value: sourceText({ id: 3 }), headers: [['traceparent', PARENT.replace(/1$/, '0')]] });
    await send({ value: sourceText({ id: 4 }) });
    await spanOf('cdm', 4);
    expect(receiver.spans.filter(({ attributes }) => attributes['order_vault.object_id'] === '3')).toEqual(
      [],
    );
    expect([await headersOf('stg', 3), await headersOf('dds', 3)]).toEqual([{}, {}]);
  });

  it('begins again where headers are no trace, which does no harm', async () => {
    const hostile: RawHeader[][] = [
      [['traceparent', 'x'.repeat(500_000)]],
      [['traceparent', `01-${TRACE}-00f067aa0ba902b7-01-${'x'.repeat(500_000)}`]],
      [['traceparent', Buffer.from([0xff, 0x00])]],
      [['traceparent', null]],
      Array.from({ length: 1_000 }, (): RawHeader => ['traceparent', PARENT]),
    ];
    for (const [place, headers] of hostile.entries()) {
      await send({ value: sourceText({ id: 10 + place }), headers });
    }
    const states: RawHeader[] = Array.from({ length: 1_000 }, () => ['tracestate', 'a=1']);
    await send({ value: sourceText({ id: 20 }), headers: [['traceparent', PARENT], ...states] });
    const traceIds = await Promise.all(
      hostile.map(async (_, place) => (await spanOf('cdm', 10 + place)).traceId),
    );
    expect(new Set(traceIds).size).toBe(hostile.length);
    expect(traceIds).not.toContain(TRACE);
    const { traceId, traceState } = await spanOf('cdm', 20);
    expect([traceId, traceState]).toEqual([TRACE, '']);
  });

  it('has a link to that of its batch, where several were in it', async () => {
    await send(...[31, 32, 33].map((id) => ({ value: sourceText({ id }) })));
    const orders = await Promise.all([31, 32, 33].map((id) => spanOf('stg', id)));
    expect(new Set(orders.map(({ traceId }) => traceId)).size).toBe(3);
    const [link] = orders[0]!.links;
    const [batch] = await received(1, ({ spanId }) => spanId === link!.spanId);
    expect(batch!.parentSpanId).toBe('');
    expect(batch!.links.map(({ spanId }) => spanId)).toEqual(orders.map(({ spanId }) => spanId));
    const stages = receiver
      .trace(batch!.traceId)
      .filter(({ parentSpanId }) => parentSpanId === batch!.spanId);
    expect(new Set(stages.map(({ name }) => name))).toEqual(new Set(['read', 'handle', 'publish', 'commit']));
  });

  it('waits with the order that is parked, and goes on when that is released', async () => {
    await send({ value: sourceText({ id: 40, user: 'u-late' }) });
    const parked = await spanOf('stg', 40);
    expect(parked.events).toMatchObject([{ name: 'parked', attributes: { missing: ['user'] } }]);
    await pipeline.dictionary.put({ 'u-late': userEntry('u-late', 'Late') });
    const released = await spanOf('stg', 40, 'release');
    expect(released).toMatchObject({ traceId: parked.traceId, parentSpanId: parked.spanId });
    expect(await spanOf('dds', 40)).toMatchObject({
      traceId: parked.traceId,
      parentSpanId: released.spanId,
    });
  });

  it('ends with the dead letter of a message that is refused', async () => {
    await send({ value: '{"object_id":50,', headers: [['traceparent', PARENT]] });
    const refused = await spanOf('stg', 50);
    expect(refused).toMatchObject({ traceId: TRACE, hasFailed: true });
    expect(refused.events).toMatchObject([{ name: 'dead letter', attributes: { reason: 'invalid_json' } }]);
  });

  it('is in the lines of the log that its batch writes, and in no others', async () => {
    const unsampled: RawHeader[] = [['traceparent', PARENT.replace(/1$/, '0')]];
    await send({ value: '{"object_id":51,', headers: unsampled });
    await send({ value: '{"object_id":52,', headers: [['traceparent', PARENT]] });
    const { spanId } = await spanOf('stg', 52);
    const [batch] = await received(
      1,
      ({ name, parentSpanId }) => name.startsWith('batch ') && parentSpanId === spanId,
    );
    const [, withoutIds, withIds] = linesOf('stg', 'dead letter').slice(-3);
    expect(withIds).toMatchObject({ object_id: '52', trace_id: TRACE, span_id: batch!.spanId });
    expect(withoutIds).toMatchObject({ object_id: '51' });
    expect(Object.keys(withoutIds!)).not.toContain('trace_id');
  });
});

it('a request to the API is part of the trace that it comes with', async () => {
  const headers = { authorization: `Bearer ${TOKEN}`, traceparent: PARENT, 'x-request-id': 'asked' };
  const answer = await fetch(`${pipeline.service('cdm').url}/api/tag-rules`, { headers });
  expect(answer.status).toBe(200);
  const [request] = await received(1, ({ name }) => name === 'GET /api/tag-rules');
  expect(request).toMatchObject({ traceId: TRACE, parentSpanId: '00f067aa0ba902b7' });
  expect(request!.attributes).toMatchObject({
    'http.response.status_code': 200,
    'http.response.header.x-request-id': ['asked'],
  });
  const statements = receiver.spans.filter(({ parentSpanId }) => parentSpanId === request!.spanId);
  expect(statements.map(({ name }) => name)).toContain('COMMIT');
});

it('a request to the API that writes into the log says which trace it is part of', async () => {
  const headers = { authorization: `Bearer ${TOKEN}`, traceparent: PARENT };
  const url = `${pipeline.service('cdm').url}/api/parked-orders/retry?all=true&execute=true`;
  expect((await fetch(url, { method: 'POST', headers })).status).toBe(200);
  const [request] = await received(1, ({ name }) => name === 'POST /api/parked-orders/retry');
  const [line] = linesOf('cdm', 'parked orders retried');
  expect(line).toMatchObject({ trace_id: TRACE, span_id: request!.spanId });
});

describe('a receiver', () => {
  const spans = async (result: string) => {
    const answer = await fetch(`${pipeline.service('stg').url}/metrics`);
    const sample = samplesOf(await answer.text()).find(
      ({ name, labels }) => name === 'order_vault_spans_total' && labels.result === result,
    );
    return sample!.value;
  };

  it('gets each span once, and the service counts it once', async () => {
    await send({ value: sourceText({ id: 59 }) });
    await spanOf('stg', 59);
    const got = () => receiver.spans.filter(({ service }) => service === 'stg');
    await expect.poll(async () => (await spans('exported')) - got().length, { timeout: LONG_MS }).toBe(0);
    expect(new Set(got().map(({ traceId, spanId }) => traceId + spanId)).size).toBe(got().length);
  });

  it('that does not answer holds up nothing: what it has no time for is dropped, and counted', async () => {
    receiver.hangs = true;
    const others = Array.from({ length: 1_000 }, () => ({ value: '{"object_id":60,"object_type":"user"}' }));
    for (let place = 0; place < 6; place += 1) {
      await pipeline.topics.sendRaw(sources.stg, others);
    }
    await send({ value: sourceText({ id: 61 }) });
    await expect.poll(() => spans('dropped'), { timeout: LONG_MS }).toBeGreaterThan(0);
    receiver.hangs = false;
    await expect.poll(() => spans('failed'), { timeout: LONG_MS }).toBeGreaterThan(0);
    // Spans are dropped until the queue has room again.
    let id = 1_000;
    const isReceived = async () => {
      await send({ value: sourceText({ id: (id += 1) }) });
      return receiver.spans.some(({ attributes }) => Number(attributes['order_vault.object_id']) > 1_000);
    };
    await expect.poll(isReceived, { timeout: LONG_MS, interval: 1_000 }).toBe(true);
  });

  it('that is down holds up nothing, nor a stop', async () => {
    const before = await spans('failed');
    receiver.close();
    await send({ value: sourceText({ id: 71 }) });
    await expect.poll(() => spans('failed'), { timeout: LONG_MS }).toBeGreaterThan(before);
    await send({ value: sourceText({ id: 72 }) });
    await pipeline.service('stg').stop();
    const orders = await pipeline.database.rows(
      'SELECT object_id FROM cdm.order_versions WHERE object_id BETWEEN 61 AND 72 ORDER BY 1',
    );
    expect(orders).toEqual([61, 71, 72].map((id) => ({ object_id: String(id) })));
  });
});
