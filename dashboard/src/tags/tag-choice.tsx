import { useStudio } from './studio';

interface TagChoiceProps {
  note: string;
  chosen: string[];
  choose: (tags: string[]) => void;
  /** Left out: any number. */
  most?: number;
}

/** Several of the tags that are known, with the size of each audience. */
export function TagChoice({ note, chosen, choose, most = Infinity }: TagChoiceProps) {
  const studio = useStudio();
  const { format } = studio.scene.value;
  const toggle = (tag: string) =>
    choose(chosen.includes(tag) ? chosen.filter((one) => one !== tag) : [...chosen, tag]);
  return (
    <fieldset class="tag-choice">
      <legend class="note">{note}</legend>
      {studio.overview.value?.map(({ tag, users }) => (
        <label key={tag} class="chip">
          <input
            type="checkbox"
            checked={chosen.includes(tag)}
            disabled={!chosen.includes(tag) && chosen.length >= most}
            onChange={() => toggle(tag)}
          />
          <span>{tag}</span> <span class="hint">{format.count(users)}</span>
        </label>
      ))}
    </fieldset>
  );
}
