/** In the order in which orders reach them. */
export const layers = ['stg', 'dds', 'cdm'] as const;
export type Layer = (typeof layers)[number];

/** For texts of help. */
export const databaseVariables =
  'DATABASE_URL; STG_DATABASE_URL, DDS_DATABASE_URL and CDM_DATABASE_URL for layers that have a server of their own';

/** The variable that says where the schema of a layer is, and its value. An empty variable counts as missing. */
export function databaseOf(
  variables: NodeJS.ProcessEnv,
  layer: Layer,
): { variable: string; url: string | undefined } {
  const own = `${layer.toUpperCase()}_DATABASE_URL`;
  const variable = variables[own] ? own : 'DATABASE_URL';
  return { variable, url: variables[variable] };
}

/** Each database that holds a layer, once. */
export function databasesOf(variables: NodeJS.ProcessEnv): ReturnType<typeof databaseOf>[] {
  const all = layers.map((layer) => databaseOf(variables, layer));
  return all.filter(({ url }, place) => all.findIndex((one) => one.url === url) === place);
}
