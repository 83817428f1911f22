const written = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium' });

/**
 * A moment as cells of a time have it, `2023-08-05 06:28:54`, in the zone of the reader: a cell has no zone.
 * @param moment of a machine
 */
export function sheetTime(moment: string): string {
  return written.format(new Date(moment));
}
