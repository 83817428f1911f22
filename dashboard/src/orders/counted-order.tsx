import type { OrderTrace } from './answers';
import { useDesk } from './desk';

/** Which rows of the marts count the order, and which tags it moved. */
export function CountedOrder({ counted }: Pick<OrderTrace, 'counted'>) {
  const desk = useDesk();
  const t = desk.t.value;
  return (
    <section class="panel" aria-labelledby="counts-title">
      <header>
        <h2 id="counts-title">{t.counts}</h2>
        {counted && <p class="note">{t.countsNote}</p>}
      </header>
      {!counted && <p class="none">{t.notInMarts}</p>}
      {counted?.rows.length === 0 && <p class="none">{t.countsNowhere}</p>}
      {counted && counted.rows.length > 0 && <MartRows rows={counted.rows} />}
      {counted && <MovedTags tags={counted.tags} />}
    </section>
  );
}

type Counted = NonNullable<OrderTrace['counted']>;

function MartRows({ rows }: Pick<Counted, 'rows'>) {
  const desk = useDesk();
  const t = desk.t.value;
  const { format } = desk.scene.value;
  return (
    <div class="wide" role="region" tabIndex={0} aria-labelledby="counts-title">
      <table>
        <thead>
          <tr>
            <th scope="col" class="text">
              {t.mart}
            </th>
            <th scope="col" class="text">
              {t.of}
            </th>
            <th scope="col" class="figure">
              {t.ordersNow}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ mart, of, orders }) => (
            <tr key={`${mart} ${of}`}>
              <td class="text" title={`cdm.${mart}`}>
                {t.marts[mart] ?? mart}
              </td>
              <td class="text">{of}</td>
              <td class="figure">{format.count(orders)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function MovedTags({ tags }: Pick<Counted, 'tags'>) {
  const desk = useDesk();
  const t = desk.t.value;
  const { format } = desk.scene.value;
  return (
    <>
      <h3>{t.tags}</h3>
      {tags.length === 0 && <p class="none">{t.noTags}</p>}
      <ul class="moved">
        {tags.map(({ event, tag, orders, at }) => (
          <li key={`${event} ${tag} ${at}`} class={event === 'assigned' ? 'gained' : 'lost'}>
            {t[event](tag, format.count(orders))} <span class="hint">{format.instant(at)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
