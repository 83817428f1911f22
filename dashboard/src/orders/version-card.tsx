import type { OrderVersion } from '@app/contracts/order-versions';
import type { StagedVersion, VaultVersion } from './answers';
import { useDesk } from './desk';
import { VersionDiff } from './version-diff';

interface VersionCardProps {
  /** The oldest is the first. */
  number: number;
  isNewest: boolean;
  version: OrderVersion<StagedVersion, VaultVersion>;
  countedAt: string | undefined;
}

/** One version: when each layer stored it, what changed, and the message as it came. */
export function VersionCard({ number, isNewest, version, countedAt }: VersionCardProps) {
  const desk = useDesk();
  const t = desk.t.value;
  const { format } = desk.scene.value;
  const { staged, vaulted, before } = version;
  const times = [
    [t.sentAt, staged && format.time(staged.sent_at)],
    [t.stagedAt, staged && format.instant(staged.staged_at)],
    [t.inVaultAt, vaulted && format.instant(vaulted.in_vault_at)],
    ...(isNewest || countedAt ? [[t.countedAt, countedAt && format.instant(countedAt)] as const] : []),
  ] as const;
  return (
    <li class="version panel">
      <h3>
        {t.version(number)} <span class="hint">{isNewest ? t.newest : t.superseded}</span>
      </h3>
      <p class="hint">{version.version}</p>
      <dl class="facts">
        {times.map(([name, time]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{time ?? t.notThere}</dd>
          </div>
        ))}
        {staged?.message && (
          <div>
            <dt>{t.messageAt}</dt>
            <dd>
              <code>{staged.message}</code>
            </dd>
          </div>
        )}
      </dl>
      {vaulted && <VersionDiff version={vaulted} before={before} />}
      {staged && <UsedEntries staged={staged} />}
      {staged && (
        <details>
          <summary>{t.payload}</summary>
          <pre tabIndex={0}>{staged.payload}</pre>
        </details>
      )}
    </li>
  );
}

/** What of the dictionary the version was enriched with. */
function UsedEntries({ staged: { entries, earlier_menus: menus } }: { staged: StagedVersion }) {
  const desk = useDesk();
  const t = desk.t.value;
  const { format } = desk.scene.value;
  const lines = [
    ...entries.map(({ kind, id, valid_from }) =>
      t.entry(t.missing[kind] ?? kind, id, format.time(valid_from)),
    ),
    ...Object.entries(menus).map(([dish, since]) => t.earlierMenu(dish, format.time(since))),
  ];
  return lines.length === 0 ? null : (
    <>
      <h4>{t.entries}</h4>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </>
  );
}
