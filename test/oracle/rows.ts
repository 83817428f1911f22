/** A value as a table shows it in text; several, where what comes first decides and nobody can know what that was. */
export type Cell = string | null | { oneOf: string[] };
export type Row = Record<string, Cell>;
/** Rows by table, e.g. `dds.h_user`. */
export type Tables = Record<string, Row[]>;

/** Rows of one table, each once. */
export class RowSet {
  private readonly byText = new Map<string, Row>();

  add(row: Row): void {
    this.byText.set(JSON.stringify(row), row);
  }

  rows(): Row[] {
    return [...this.byText.values()];
  }
}
