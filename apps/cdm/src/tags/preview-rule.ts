import type { Client } from '@app/warehouse/warehouse';
import type { OrderColumns } from '../figures/order-columns';
import { listConditions, type Conditions } from './conditions';
import { isInCopy } from './copied-audience';
import { gainFromCopy, losingFromCopy } from './copied-preview';
import { histogramBars, type NumberOfGuests } from './histogram';
import { gainFromLedger, losingFromLedger } from './ledger-preview';
import { NamedProducts } from './named-products';
import type { PreviewAnswer } from './tag-rule.contract';

/** A rule that need not be saved. */
export interface TriedRule {
  tag: string;
  conditions: Conditions;
  enabled: boolean;
}

/** With what patterns stand for, by the number of the condition. */
export interface NamedRule extends TriedRule {
  products: ReadonlyMap<number, string[]>;
}

export interface PreviewOptions {
  /** The rule that this one would replace, if any. */
  replacedId?: string;
  /** Path of the condition by whose number guests are shown. */
  histogramOf?: string;
}

/** The guests for whom a rule holds. */
export interface Gain extends Pick<PreviewAnswer, 'matching' | 'assigned' | 'sample'> {
  /** By the number of the condition that is shown, ascending. */
  numbers: NumberOfGuests[];
}

/**
 * What a rule would do, counted from the ledger as it stands in one moment. Nothing is saved.
 * @param client in a snapshot
 * @param nowLocal the present in the time zone of the source
 * @param columns all CLOSED orders that the client sees, where there is a copy: from it all is counted within some tens
 * of milliseconds, by PostgreSQL in up to seconds
 * @returns undefined where there is no rule to replace
 */
export async function previewRule(
  client: Client,
  rule: TriedRule,
  { replacedId, histogramOf }: PreviewOptions,
  nowLocal: string,
  columns?: OrderColumns,
): Promise<PreviewAnswer | undefined> {
  const { replaced, others } = await readReplaced(client, replacedId);
  if (replacedId !== undefined && !replaced) {
    return undefined;
  }
  const names = new NamedProducts(client);
  const named = async (one: TriedRule) => ({ ...one, products: await names.of(one.conditions) });
  const tried = await named(rule);
  const givers = rule.enabled && rule.tag === replaced?.tag ? [tried] : [];
  for (const other of others) {
    givers.push(await named(other));
  }
  const copy = columns && [tried, ...givers].every(({ conditions }) => isInCopy(columns, conditions));
  const list = listConditions(rule.conditions);
  const shown = list.findIndex(({ path }) => path === histogramOf);
  const { numbers, ...gain } = copy
    ? await gainFromCopy(client, columns, tried, shown, nowLocal)
    : await gainFromLedger(client, tried, shown, nowLocal);
  const losing = () =>
    copy
      ? losingFromCopy(client, columns, replaced!.tag, givers, nowLocal)
      : losingFromLedger(client, replaced!.tag, givers, nowLocal);
  return {
    ...gain,
    assigned: rule.enabled ? gain.assigned : 0,
    revoked: replaced?.enabled ? await losing() : 0,
    ...(shown >= 0 && {
      histogram: { bars: histogramBars(numbers, list[shown]!.condition.count === 'money') },
    }),
  };
}

/** The rule, and the other enabled rules that give its tag. */
async function readReplaced(
  client: Client,
  id: string | undefined,
): Promise<{ replaced?: TriedRule; others: TriedRule[] }> {
  if (id === undefined) {
    return { others: [] };
  }
  const { rows } = await client.query<TriedRule & { id: string }>(
    /* sql */ `
    SELECT id, tag, conditions, enabled
    FROM cdm.tag_rules WHERE tag = (SELECT tag FROM cdm.tag_rules WHERE id = $1)`,
    [id],
  );
  return {
    replaced: rows.find((rule) => rule.id === id.toLowerCase()),
    others: rows.filter((rule) => rule.id !== id.toLowerCase() && rule.enabled),
  };
}
