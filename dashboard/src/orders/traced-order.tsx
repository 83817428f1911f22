import { orderVersions } from '@app/contracts/order-versions';
import type { OrderTrace } from './answers';
import { CountedOrder } from './counted-order';
import { useDesk } from './desk';
import { OrderFacts } from './order-facts';
import { OrderLines } from './order-lines';
import { RefusedMessages } from './refused-messages';
import { StatusLine } from './status-line';
import { VersionCard } from './version-card';
import { WaitingNotice } from './waiting-notice';

/** The life of an order, as each layer has it. */
export function TracedOrder({ trace }: { trace: OrderTrace }) {
  const desk = useDesk();
  const t = desk.t.value;
  const { staged, vault, counted, dead_letters: refused } = trace;
  const versions = orderVersions(staged, vault?.versions ?? []);
  const newest = versions.findLast(({ vaulted }) => vaulted);
  return (
    <div class="order-life">
      <OrderFacts trace={trace} count={versions.length} />
      {staged.map(({ version, waiting }) => waiting && <WaitingNotice key={version} waiting={waiting} />)}
      <RefusedMessages refused={refused} />
      {vault && <StatusLine statuses={vault.statuses} />}
      {newest && <OrderLines version={newest} names={vault!.menu_names} />}
      <CountedOrder counted={counted} />
      {versions.length > 0 && (
        <section aria-labelledby="versions-title">
          <h2 id="versions-title">{t.versions}</h2>
          <ol class="versions" reversed>
            {versions.toReversed().map((version, place) => (
              <VersionCard
                key={version.version}
                number={versions.length - place}
                isNewest={place === 0}
                version={version}
                countedAt={counted?.version === version.version ? counted.counted_at : undefined}
              />
            ))}
          </ol>
        </section>
      )}
    </div>
  );
}
