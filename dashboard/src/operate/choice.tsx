interface Props {
  name: string;
  value: string;
  values: [value: string, label: string][];
  choose: (value: string) => void;
}

/** One of some values, by name. */
export function Choice({ name, value, values, choose }: Props) {
  return (
    <label>
      <span>{name}</span>
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        {values.map(([one, label]) => (
          <option key={one} value={one}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}
