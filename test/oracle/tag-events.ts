import { hashKey } from './hash-key';
import type { PlacedMessage } from './history';
import type { Row } from './rows';

interface TagEvent {
  event_id: string;
  event_number: number;
  event: string;
  user_id: string;
  source_user_id: string;
  tag: string;
  order_cnt: number;
  at: string;
}

/**
 * Where the topic of tag events does not say what is held, a line each: after repeats are dropped, the events of a
 * user have the numbers from 1 in their order, an assignment is of a tag that they lack, a revocation of one that they
 * hold, and in the end they hold what they should.
 * @param held rows of `cdm.user_tags`
 * @param stored how many events `cdm.user_tag_events` has
 */
export function tagEventDifferences(held: Row[], stored: number, messages: PlacedMessage[]): string[] {
  const differences: string[] = [];
  const texts = new Map<string, string>();
  const users = new Map<string, { last: number; partition: number; tags: Set<string> }>();
  for (const { key, value, partition } of messages) {
    const text = String(value);
    const event = JSON.parse(text) as TagEvent;
    const said = texts.get(event.event_id);
    if (said !== undefined) {
      differences.push(...(said === text ? [] : [`tag event ${event.event_id} is repeated as ${text}`]));
      continue;
    }
    texts.set(event.event_id, text);
    const user = users.get(event.user_id) ?? { last: 0, partition, tags: new Set<string>() };
    users.set(event.user_id, user);
    differences.push(
      ...faultsOf(event, user.last, user.tags)
        .concat(String(key) === event.user_id ? [] : [`has the key ${String(key)}`])
        .concat(user.partition === partition ? [] : [`is in partition ${partition}, not ${user.partition}`])
        .map((fault) => `tag event ${event.event_number} of ${event.user_id} ${fault}: ${text}`),
    );
    user.last = event.event_number;
    user.tags[event.event === 'assigned' ? 'add' : 'delete'](event.tag);
  }
  const given = [...users].flatMap(([user, { tags }]) => Array.from(tags, (tag) => `${user} ${tag}`));
  const expected = held.map(({ user_id, tag }) => `${String(user_id)} ${String(tag)}`);
  return [
    ...differences,
    ...expected.filter((one) => !given.includes(one)).map((one) => `events do not have ${one}`),
    ...given.filter((one) => !expected.includes(one)).map((one) => `events have ${one}, which is not held`),
    ...(texts.size === stored ? [] : [`${texts.size} different tag events in the topic, ${stored} stored`]),
  ];
}

function faultsOf(event: TagEvent, last: number, tags: Set<string>): string[] {
  const number = String(event.event_number);
  const checks: [boolean, string][] = [
    [event.event_number === last + 1, `comes after number ${last}`],
    [
      event.event_id === hashKey('user_tag_events', event.user_id, number),
      'has an id that does not follow from user and number',
    ],
    [event.user_id === hashKey('h_user', event.source_user_id), 'has the source id of another user'],
    [['assigned', 'revoked'].includes(event.event), 'is of no kind'],
    [(event.event === 'assigned') !== tags.has(event.tag), 'changes nothing'],
    [event.order_cnt >= 0, 'has an impossible count'],
    [!Number.isNaN(Date.parse(event.at)), 'has no time'],
  ];
  return checks.filter(([holds]) => !holds).map(([, fault]) => fault);
}
