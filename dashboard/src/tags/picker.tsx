import { useEffect, useMemo } from 'preact/hooks';
import type { Named } from '../questions/answers';
import type { ControlProps } from './labelled';
import type { PickedKind } from './names';
import { PickerState } from './picker-state';
import { useStudio } from './studio';

interface PickerProps {
  control: ControlProps;
  kind: PickedKind;
  /** Ids; of categories their names. */
  values: string[];
  put: (values: string[]) => void;
}

const MOST_VALUES = 50;

/** Searches dishes, categories or restaurants by name, and keeps those that are chosen. */
export function Picker({ control, kind, values, put }: PickerProps) {
  const { t, names } = useStudio();
  const state = useMemo(() => new PickerState(names, kind), []);
  useEffect(() => () => state.close(), []);
  const list = `${control.id}-list`;
  const pick = (one: Named | undefined) => {
    if (one && !values.includes(valueOf(kind, one))) {
      put([...values, valueOf(kind, one)]);
    }
    state.reset();
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      state.move(step);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      pick(state.isOpen.value ? state.offered.value[state.active.value] : undefined);
    } else if (event.key === 'Escape') {
      state.isOpen.value = false;
    } else if (event.key === 'Backspace' && state.search.value === '') {
      put(values.slice(0, -1));
    }
  };
  return (
    <span class="picker">
      {values.map((value) => (
        <Chip
          key={value}
          name={names.of(kind, value)}
          remove={() => put(values.filter((one) => one !== value))}
        />
      ))}
      <input
        {...control}
        type="text"
        role="combobox"
        autocomplete="off"
        aria-expanded={state.isOpen.value}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={
          state.isOpen.value && state.offered.value.length ? `${list}-${state.active.value}` : undefined
        }
        placeholder={t.value.searchNames}
        disabled={values.length >= MOST_VALUES}
        value={state.search}
        onInput={(event) => {
          state.search.value = event.currentTarget.value;
          state.isOpen.value = true;
        }}
        onClick={() => (state.isOpen.value = true)}
        onBlur={() => (state.isOpen.value = false)}
        onKeyDown={press}
      />
      <Options state={state} id={list} label={t.value.kindNames[kind]} pick={pick} />
    </span>
  );
}

function Chip({ name, remove }: { name: string; remove: () => void }) {
  const { t } = useStudio();
  return (
    <span class="chip">
      {name}
      <button type="button" aria-label={t.value.removeValue(name)} onClick={remove}>
        ×
      </button>
    </span>
  );
}

interface OptionsProps {
  state: PickerState;
  id: string;
  label: string;
  pick: (one: Named) => void;
}

function Options({ state, id, label, pick }: OptionsProps) {
  const { t } = useStudio();
  const offered = state.offered.value;
  return (
    <ul class="options" id={id} role="listbox" aria-label={label} hidden={!state.isOpen.value}>
      {offered.map((one, place) => (
        <li
          key={one.id}
          id={`${id}-${place}`}
          role="option"
          aria-selected={place === state.active.value}
          // Before the field loses the focus, which closes the list.
          onPointerDown={(event) => {
            event.preventDefault();
            pick(one);
          }}
        >
          {one.name}
        </li>
      ))}
      {offered.length === 0 && (
        <li role="option" aria-disabled="true" aria-selected={false}>
          {state.problem.value || t.value.noneFound}
        </li>
      )}
    </ul>
  );
}

/** A category is named by its name, which people can read in a rule; others by their key. */
function valueOf(kind: PickedKind, { id, name }: Named): string {
  return kind === 'category' ? name : id;
}
