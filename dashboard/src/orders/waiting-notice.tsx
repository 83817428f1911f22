import type { Waiting } from './answers';
import { useDesk } from './desk';

/** What a parked version waits for. */
export function WaitingNotice({ waiting }: { waiting: Waiting }) {
  const desk = useDesk();
  const t = desk.t.value;
  const { format } = desk.scene.value;
  const things = waiting.missing.map(({ kind, id, restaurant_id: restaurant }) => {
    const thing = `${t.missing[kind] ?? kind} ${id}`;
    return restaurant ? t.ofRestaurant(thing, restaurant) : thing;
  });
  return (
    <section class="waiting panel">
      <h2>{t.waits(format.instant(waiting.since))}</h2>
      <p>{t.lacks(things.join(', '))}</p>
      <p>{t.attempts(format.count(waiting.attempts), format.instant(waiting.next_attempt_at))}</p>
    </section>
  );
}
