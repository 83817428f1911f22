import { resourceFromAttributes } from '@opentelemetry/resources';
import { expect, it } from 'vitest';
import { addEvent, end, workSpan } from './work-span';

const begin = () =>
  workSpan(resourceFromAttributes({}), {
    name: 'work',
    context: { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 },
    startTime: [10, 999_999_999],
  });

it('keeps the newest of many events, and counts the others', () => {
  const span = begin();
  for (let second = 1; second <= 200; second += 1) {
    addEvent(span, { name: 'waiting', time: [second, 0] });
  }
  expect(span.events.map(({ time }) => time[0])).toEqual(
    Array.from({ length: 128 }, (_, place) => place + 73),
  );
  expect(span.droppedEventsCount).toBe(72);
});

it('has lasted from its start to its end', () => {
  const span = begin();
  end(span, [12, 0]);
  expect(span).toMatchObject({ ended: true, endTime: [12, 0], duration: [1, 1] });
});
