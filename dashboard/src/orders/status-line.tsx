import type { VaultOrder } from './answers';
import { useDesk } from './desk';

/** The statuses that the order took, one after the other. */
export function StatusLine({ statuses }: { statuses: VaultOrder['statuses'] }) {
  const desk = useDesk();
  const t = desk.t.value;
  const { format } = desk.scene.value;
  return (
    <section class="panel" aria-labelledby="statuses-title">
      <h2 id="statuses-title">{t.statusLine}</h2>
      <ol class="status-line">
        {statuses.map(({ status, since }) => (
          <li key={`${status} ${since}`}>
            <b>{t.statuses[status] ?? status}</b>
            <span class="hint">{format.time(since)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
