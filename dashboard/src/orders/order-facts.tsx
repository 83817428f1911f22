import type { OrderTrace } from './answers';
import { useDesk } from './desk';

/** Whose order it is, where, and where it has come to. @param count of its versions */
export function OrderFacts({ trace, count }: { trace: OrderTrace; count: number }) {
  const desk = useDesk();
  const t = desk.t.value;
  const { t: general, format } = desk.scene.value;
  const { order_id: id, vault, counted } = trace;
  const newest = vault?.versions.at(-1);
  const facts = [
    ...(vault
      ? [[t.guest, vault.source_user_id] as const, [t.restaurant, vault.restaurant_id] as const]
      : []),
    ...(newest
      ? [[t.ordered, format.time(newest.made_at)] as const, [t.paid, format.exact(newest.payment)] as const]
      : []),
    [t.versions, format.count(count)] as const,
    [t.counted, counted ? format.instant(counted.counted_at) : t.notCounted] as const,
  ];
  return (
    <section class="panel" aria-labelledby="order-title">
      <header>
        <h2 id="order-title">{general.orderNumber(id)}</h2>
        {newest && (
          <span class={`badge status-${newest.status}`}>{t.statuses[newest.status] ?? newest.status}</span>
        )}
      </header>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
