import type { Column } from '../scene/chart';
import { sheetTime } from '../scene/sheet-time';
import type { Change } from './answers';
import type { Studio } from './studio';
import { versionText } from './version-text';

/** What a file has of the changes of rules. */
export function changeColumns(studio: Studio): Column<Change>[] {
  const t = studio.t.value;
  return [
    { name: t.changedAt, value: ({ changed_at: at }) => sheetTime(at), kind: 'time' },
    { name: t.changedBy, value: ({ changed_by: by }) => by },
    { name: t.tag, value: ({ before, after }) => (after ?? before)!.tag },
    { name: t.change, value: ({ change }) => t.changes[change] },
    { name: t.before, value: ({ before, after }) => before && versionText(studio, before, after) },
    { name: t.after, value: ({ before, after }) => after && versionText(studio, after, before) },
  ];
}
