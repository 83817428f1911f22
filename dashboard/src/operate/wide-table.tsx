import type { ComponentChildren } from 'preact';

interface WideTableProps {
  /** Id of its heading. */
  heading: string;
  columns: string[];
  isFading: boolean;
  /** Its rows. */
  children: ComponentChildren;
}

/** A table that scrolls by itself where it is wider than its panel, by keyboard too. */
export function WideTable({ heading, columns, isFading, children }: WideTableProps) {
  return (
    <div class={`wide ${isFading ? 'fading' : ''}`} role="region" tabIndex={0} aria-labelledby={heading}>
      <table>
        <thead>
          <tr>
            {columns.map((name) => (
              <th key={name} scope="col" class="text">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
