import { versionChanges, type ComparedLine, type ComparedMember } from '@app/contracts/version-changes';
import type { VaultVersion } from './answers';
import { useDesk } from './desk';

interface VersionDiffProps {
  version: VaultVersion;
  /** Undefined: it is the first that the vault has. */
  before: VaultVersion | undefined;
}

/** What a version changed, or all that the first one said. */
export function VersionDiff({ version, before }: VersionDiffProps) {
  const desk = useDesk();
  const t = desk.t.value;
  const { format } = desk.scene.value;
  const { members, gone, come } = versionChanges(version, before);
  const valueOf = (member: ComparedMember, value: string) =>
    member === 'status'
      ? (t.statuses[value] ?? value)
      : member === 'made_at'
        ? format.time(value)
        : format.exact(value);
  const lineOf = ({ quantity, name, price }: ComparedLine) => t.line(quantity, name, format.exact(price));
  return (
    <>
      <h4>{before ? t.changes : t.first}</h4>
      {members.length + gone.length + come.length === 0 && <p class="none">{t.unchanged}</p>}
      <ul class="changes-of">
        {members.map(({ member, was, now }) => (
          <li key={member}>
            {t.members[member]}: {was !== undefined && <s>{valueOf(member, was)}</s>}
            {was !== undefined && ' → '}
            <b>{valueOf(member, now)}</b>
          </li>
        ))}
        {gone.map((line, place) => (
          <li key={`gone ${place}`} class="gone">
            − <span class="unseen">{t.gone}</span> {lineOf(line)}
          </li>
        ))}
        {come.map((line, place) => (
          <li key={`come ${place}`} class="come">
            + <span class="unseen">{t.come}</span> {lineOf(line)}
          </li>
        ))}
      </ul>
    </>
  );
}
