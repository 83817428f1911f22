import type { View } from '../questions/address';
import type { Audience } from '../questions/answers';
import type { Chart } from '../scene/chart';
import { rankedBars } from './ranked-bars';

/** More are in the table. */
const MOST_TAGS = 20;

/** Tags and the size of each audience. */
export const tagBars: Chart<Audience[], Audience> = {
  name: 'tags',
  span: 'third',
  title: (t) => t.tags,
  note: (t) => t.tagsNote,
  path: () => 'api/tags',
  rows: (answer) => answer,
  columns: ({ t, format }) => [
    { name: t.tag, value: ({ tag }) => tag },
    {
      name: t.guests,
      value: ({ users }) => users,
      write: format.count,
      opens: ({ tag }) => behind(tag),
    },
  ],
  opens: ({ id }) => behind(id),
  empty: (t) => t.emptyTags,
  draw: (tags, scene, width) => {
    const { t, format, look } = scene;
    const bars = tags.slice(0, MOST_TAGS).map(({ tag, users }) => ({
      id: tag,
      name: tag,
      value: users,
      label: format.count(users),
      tooltip: [{ name: t.guests, value: format.count(users), color: look.users }],
    }));
    const drawing = rankedBars(
      { title: t.tags, bars, color: look.users, note: t.clickForGuests },
      scene,
      width,
    );
    const others = tags.length - bars.length;
    const other = { name: t.otherTags(format.count(others)), color: look.rest, figures: [] };
    return others > 0 ? { ...drawing, legend: [other] } : drawing;
  },
};

function behind(tag: string): Partial<View> {
  return { page: 'tags', show: 'audience', tags: [tag] };
}
