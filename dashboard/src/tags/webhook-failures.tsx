import { useAnswer } from './answer-of';
import { useStudio } from './studio';

/** The events that were given up, and why. */
export function WebhookFailures({ id, failed }: { id: string; failed: number }) {
  const studio = useStudio();
  const t = studio.t.value;
  const { format } = studio.scene.value;
  const asked = useAnswer((abort) => studio.api.failures(id, abort), [id, failed]).value;
  return (
    <details>
      <summary>{t.showFailed}</summary>
      {asked.error && <p class="wrong">{asked.error}</p>}
      <div class="wide" role="region" tabIndex={0} aria-label={t.showFailed}>
        <table>
          <thead>
            <tr>
              {[t.guest, t.tag, t.happened, t.givenUp, t.why].map((name) => (
                <th key={name} scope="col" class="text">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {asked.answer?.failures.map(({ id: number, event, problem, failed_at }) => (
              <tr key={number}>
                <td class="text">{event.source_user_id}</td>
                <td class="text">{event.tag}</td>
                <td class="text">{t.events[event.event]}</td>
                <td class="text">{format.stamp(failed_at)}</td>
                <td class="text">{problem}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
