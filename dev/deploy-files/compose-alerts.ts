import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';

/** The alerts as Prometheus itself reads them, without an operator. */
export function composeAlerts(): string {
  const file = new URL('../../deploy/components/monitoring/alerts.yaml', import.meta.url);
  const { spec } = parse(readFileSync(file, 'utf8')) as { spec: { groups: object[] } };
  return (
    '# Made from ../components/monitoring/alerts.yaml by `npx tsx dev/deploy-files.ts`.\n' +
    stringify({ groups: spec.groups }, { lineWidth: 0 })
  );
}
