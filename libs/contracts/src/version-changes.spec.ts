import { describe, expect, it } from 'vitest';
import { versionChanges, type ComparedVersion } from './version-changes';

const borscht = { product_id: 'd1', name: 'Borscht', price: '100', quantity: '1', category: 'Soups' };
const open: ComparedVersion = {
  status: 'OPEN',
  made_at: '2024-03-01 12:00:00',
  cost: '200',
  payment: '200',
  bonus_payment: '0',
  bonus_grant: '0',
  lines: [borscht, borscht],
};

describe('the changes of a version', () => {
  it('are what differs from the one before; of equal lines each has its own', () => {
    const salad = { ...borscht, product_id: 'd2', name: 'Salad' };
    expect(versionChanges({ ...open, status: 'CLOSED', cost: '150', lines: [salad, borscht] }, open)).toEqual(
      {
        members: [
          { member: 'status', was: 'OPEN', now: 'CLOSED' },
          { member: 'cost', was: '200', now: '150' },
        ],
        gone: [borscht],
        come: [salad],
      },
    );
  });

  it('are all that it says where there is none before, and nothing where it says the same', () => {
    const first = versionChanges(open);
    expect(first.members.map(({ member }) => member)).toEqual([
      'status',
      'made_at',
      'cost',
      'payment',
      'bonus_payment',
      'bonus_grant',
    ]);
    expect(first.come).toEqual([borscht, borscht]);
    expect(versionChanges(open, open)).toEqual({ members: [], gone: [], come: [] });
  });
});
