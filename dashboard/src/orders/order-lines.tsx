import { nameOnMenu, type OrderVersion } from '@app/contracts/order-versions';
import type { StagedVersion, VaultOrder, VaultVersion } from './answers';
import { useDesk } from './desk';

interface OrderLinesProps {
  version: OrderVersion<StagedVersion, VaultVersion>;
  names: VaultOrder['menu_names'];
}

/** The dishes of the newest version, under the names of the order and of the menu. */
export function OrderLines({ version: { staged, vaulted }, names }: OrderLinesProps) {
  const desk = useDesk();
  const t = desk.t.value;
  const { format } = desk.scene.value;
  return (
    <section class="panel" aria-labelledby="dishes-title">
      <h2 id="dishes-title">{t.dishes}</h2>
      <div class="wide" role="region" tabIndex={0} aria-labelledby="dishes-title">
        <table>
          <thead>
            <tr>
              {[t.asOrdered, t.onMenu, t.category].map((name) => (
                <th key={name} scope="col" class="text">
                  {name}
                </th>
              ))}
              {[t.price, t.quantity].map((name) => (
                <th key={name} scope="col" class="figure">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {vaulted!.lines.map(({ product_id: product, name, category, price, quantity }, place) => (
              <tr key={place}>
                <td class="text">{name}</td>
                <td class="text">{(staged && nameOnMenu(product, staged, names)?.name) ?? '—'}</td>
                <td class="text">{category}</td>
                <td class="figure">{format.exact(price)}</td>
                <td class="figure">{quantity}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
