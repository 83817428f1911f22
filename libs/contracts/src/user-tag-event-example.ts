import type { UserTagEvent } from './user-tag-event.contract';

/** A valid message of `cdm-service-user-tags` for tests. */
export function userTagEvent(): UserTagEvent {
  return {
    event_id: '0f3f0d5c-6f5b-5d0c-9a3e-5f0f6a1c2b7d',
    event_number: 3,
    event: 'assigned',
    user_id: 'afbd021d-0c6a-55e9-b8a3-54e4eb4c742b',
    source_user_id: '626a81ce9a8cd1920641e296',
    tag: 'pizza lover',
    order_cnt: 10,
    at: '2024-03-01T12:00:00.000Z',
  };
}
