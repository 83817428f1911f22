import { describe, expect, it } from 'vitest';
import type { PipelineState, ServiceState } from './questions/answers';
import { completenessOf } from './completeness';

const at = '2023-08-05T10:00:30.000Z';

function state(changes: Partial<ServiceState> = {}, stale_since: string | null = null): PipelineState {
  const service: ServiceState = {
    service: 'stg',
    lag: 0,
    messages_per_second: 0,
    freshness_seconds: 0,
    parked: [],
    dead_letters: [],
    newest_version: null,
    seen_at: '2023-08-05T10:00:25.000Z',
  };
  return {
    at,
    stale_since,
    services: [
      { ...service, ...changes },
      { ...service, service: 'dds' },
    ],
  };
}

describe('the figures', () => {
  it('are complete when nothing is left to do; refused messages are in none', () => {
    expect(completenessOf(state({ dead_letters: [{ reason: 'empty', messages: 2, open: 2 }] }))).toEqual({
      verdict: 'complete',
      unread: 0,
      parked: 0,
      refused: 2,
    });
  });

  it('are behind by what is unread or parked', () => {
    expect(completenessOf(state({ lag: 3 }))).toMatchObject({ verdict: 'behind', unread: 3 });
    expect(completenessOf(state({ parked: [{ missing: 'user', orders: 4 }] }))).toMatchObject({
      verdict: 'behind',
      parked: 4,
    });
  });

  it('are unknown when a service is silent, or the state is old', () => {
    for (const silent of [
      state({ seen_at: null }),
      state({ seen_at: '2023-08-05T10:00:00.000Z' }),
      state({ lag: null }),
      state({}, '2023-08-05T09:59:00.000Z'),
    ]) {
      expect(completenessOf(silent).verdict).toBe('unknown');
    }
  });
});
