import { expect, it } from 'vitest';
import { DAYS, overviewOf } from './tag-overview';

const pizza = { tag: 'pizza lover', users: 10, today: '2024-03-01', progress: null };

it('goes back from the audience of now, day by day', () => {
  const changes = { '2024-03-01': [3, 1], '2024-02-28': [6, 0], '2023-01-01': [9, 9] } satisfies Record<
    string,
    [number, number]
  >;
  const { days, ...today } = overviewOf({ ...pizza, changes });
  expect(today).toEqual({ tag: 'pizza lover', users: 10, gained_today: 3, lost_today: 1, progress: null });
  expect(days).toHaveLength(DAYS);
  expect(days.slice(-4)).toEqual([
    { day: '2024-02-27', users: 2 },
    { day: '2024-02-28', users: 8 },
    { day: '2024-02-29', users: 8 },
    { day: '2024-03-01', users: 10 },
  ]);
  expect(days[0]).toEqual({ day: '2024-02-01', users: 2 });
});

it('has the same audience on all days where nothing changed', () => {
  const { days, gained_today, lost_today } = overviewOf({ ...pizza, changes: {} });
  expect([gained_today, lost_today]).toEqual([0, 0]);
  expect(new Set(days.map(({ users }) => users))).toEqual(new Set([10]));
});
