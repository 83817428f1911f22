import { Counter } from 'prom-client';

/** What rounds look at. */
export const whats = ['orders', 'users', 'tags', 'products', 'categories', 'restaurants'] as const;

export type What = (typeof whats)[number];

export const auditChecked = new Counter({
  name: 'order_vault_audit_checked_total',
  help: 'Rows that the auditor compared with what messages in staging say, by what its round looks at',
  labelNames: ['what'],
});

export const auditWrong = new Counter({
  name: 'order_vault_audit_wrong_total',
  help: 'Rows that were wrong when the auditor looked at them; a row that stays wrong counts with each look',
  labelNames: ['what'],
});

for (const what of whats) {
  auditChecked.inc({ what }, 0);
  auditWrong.inc({ what }, 0);
}
