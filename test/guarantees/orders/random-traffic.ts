import type { Random } from '../../history/random';
import { dictionary } from './small-town';
import { line, sourceText } from './source-text';

const statuses = ['OPEN', 'COOKING', 'DELIVERING', 'CLOSED', 'CANCELLED'];
const dishes = ['d1', 'd2', 'd3', 'd4'];
/** Of a user whom no dictionary knows: such orders wait. */
const nobody = 'u-nobody';

/**
 * Messages of the source, most with other versions of their order, some of them twice, some no orders, some broken,
 * some of a user who is not in the dictionary. Times of versions are few, so that often the time of sending decides, or
 * the digest.
 */
export function randomTraffic(random: Random, messages: number, { isClean = false } = {}): string[] {
  const users = Object.keys(dictionary).filter((key) => key.startsWith('u'));
  const traffic: string[] = [];
  for (let id = 1; traffic.length < messages; id += 1) {
    const owner = {
      id,
      user: !isClean && (id === 1 || random.chance(0.03)) ? nobody : random.pick(users),
      restaurant: random.pick(['r1', 'r2', 'r3']),
    };
    const versions = Array.from({ length: random.whole(1, 5) }, () =>
      sourceText({
        ...owner,
        date: `2024-03-01 12:00:0${random.whole(0, 9)}`,
        items: Array.from({ length: random.whole(0, 4) }, () =>
          line(random.pick(dishes), random.whole(0, 999) / 4, random.whole(1, 3)),
        ),
        status: random.chance(0.6) ? 'CLOSED' : random.pick(statuses),
        updateTs: `2024-03-01 13:00:0${random.whole(0, 3)}`,
        sent: `2024-03-01 14:00:0${random.whole(0, 1)}`,
      }),
    );
    traffic.push(...versions);
    if (random.chance(0.2)) {
      traffic.push(random.pick(versions));
    }
    if (!isClean && random.chance(0.1)) {
      traffic.push(random.pick(['{', '', '{"object_type":"order","payload":{}}', '["order"]']));
    }
    if (!isClean && random.chance(0.1)) {
      traffic.push(random.pick(['{}', '{"object_type":"user"}', '{"object_type":"order"}']));
    }
  }
  return traffic;
}
