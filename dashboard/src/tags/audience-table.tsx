import type { AudiencePage } from './answers';
import { useStudio } from './studio';

/** A page of the guests who hold a tag. */
export function AudienceTable({ page, isFading }: { page: AudiencePage; isFading: boolean }) {
  const studio = useStudio();
  const t = studio.t.value;
  const { format } = studio.scene.value;
  const { users, count } = page;
  return (
    <div class={isFading ? 'fading' : undefined}>
      <p class="hint" role="status">
        {t.guestsFound(format.count(count))}
      </p>
      {users.length > 0 && (
        <div class="wide" role="region" tabIndex={0} aria-labelledby="audience-title">
          <table>
            <thead>
              <tr>
                <th scope="col" class="text">
                  {t.guest}
                </th>
                <th scope="col" class="figure">
                  {t.matchingOrders}
                </th>
                <th scope="col" class="text">
                  {t.since}
                </th>
                <th scope="col" class="text">
                  {t.lastOrder}
                </th>
              </tr>
            </thead>
            <tbody>
              {users.map(({ user_id, source_user_id, order_cnt, since, last_order_at }) => (
                <tr key={user_id}>
                  <td class="text">{source_user_id}</td>
                  <td class="figure">{format.count(order_cnt)}</td>
                  <td class="text">{format.stamp(since)}</td>
                  <td class="text">{last_order_at ? format.day(last_order_at) : '—'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
