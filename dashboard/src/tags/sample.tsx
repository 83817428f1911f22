import type { Preview } from './answers';
import { useStudio } from './studio';

/** Some of the guests that a rule means. */
export function Sample({ sample }: { sample: Preview['sample'] }) {
  const studio = useStudio();
  const t = studio.t.value;
  const { format } = studio.scene.value;
  if (!studio.maySeePersons) {
    return <p class="hint">{t.noPersons}</p>;
  }
  return sample.length === 0 ? null : (
    <table class="sample">
      <caption>{t.sample}</caption>
      <thead>
        <tr>
          <th scope="col" class="text">
            {t.guest}
          </th>
          <th scope="col" class="figure">
            {t.matchingOrders}
          </th>
        </tr>
      </thead>
      <tbody>
        {sample.map(({ user_id, source_user_id, order_cnt }) => (
          <tr key={user_id}>
            <td class="text">{source_user_id}</td>
            <td class="figure">{format.count(order_cnt)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
