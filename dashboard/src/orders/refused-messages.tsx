import type { RefusedMessages as Refused } from './answers';
import { useDesk } from './desk';
import { Go } from '../access/go';

/** Messages about an order that services refused; the time leads to the whole one. */
export function RefusedMessages({ refused }: { refused: Refused | null }) {
  const desk = useDesk();
  const t = desk.t.value;
  const { format, t: general } = desk.scene.value;
  if (!refused) {
    return <p class="hint">{t.notLookedAt}</p>;
  }
  const { letters, left } = refused;
  const older = left > 0 && <p class="hint">{t.olderLeft(format.count(left))}</p>;
  if (letters.length === 0) {
    return older || null;
  }
  return (
    <section class="panel refused" aria-labelledby="refused-title">
      <h2 id="refused-title">{t.refused}</h2>
      <div class="wide" role="region" tabIndex={0} aria-labelledby="refused-title">
        <table>
          <thead>
            <tr>
              {[t.refusedAt, t.reason, t.field, t.state].map((name) => (
                <th key={name} scope="col" class="text">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {letters.map(({ dead_letter: place, refused_at: at, reason, field, state }) => (
              <tr key={place}>
                <td class="text time">
                  <Go change={{ page: 'pipeline', letter: place, order: undefined }}>{format.instant(at)}</Go>
                </td>
                <td class="text">{general.reasons[reason] ?? reason}</td>
                <td class="text">{field}</td>
                <td class="text">{t.letterStates[state]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {older}
    </section>
  );
}
