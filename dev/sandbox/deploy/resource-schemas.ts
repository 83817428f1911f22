/** A JSON schema, or a part of one. */
export interface Schema {
  [keyword: string]: unknown;
  properties?: Record<string, Schema>;
  definitions?: Record<string, Schema>;
}

interface KindOfResource {
  group: string;
  version: string;
  kind: string;
}

/** The OpenAPI description that comes with Kubernetes (`api/openapi-spec/swagger.json`). */
export interface Swagger {
  definitions: Record<string, Schema & { 'x-kubernetes-group-version-kind'?: KindOfResource[] }>;
}

export interface CustomResourceDefinition {
  spec: {
    group: string;
    names: { kind: string };
    versions: { name: string; schema: { openAPIV3Schema: Schema } }[];
  };
}

/** As `-schema-location` of kubeconform has it, which takes the version of the core group for its name. */
export const schemaLocation = '{{.ResourceKind}}_{{.Group}}_{{.ResourceAPIVersion}}.json';

function fileName({ group, version, kind }: KindOfResource): string {
  return `${kind.toLowerCase()}_${group || version}_${version}.json`;
}

/** A strict schema for each kind of resource, by the name of its file. Each holds the definitions that it refers to. */
export function schemasOfKubernetes({ definitions }: Swagger): Map<string, Schema> {
  const strict = { ...mapped(definitions, strictly), ...scalars };
  const schemas = new Map<string, Schema>();
  for (const [name, definition] of Object.entries(definitions)) {
    const { properties = {}, 'x-kubernetes-group-version-kind': kinds = [] } = definition;
    if (kinds.length === 1 && 'metadata' in properties && !kinds[0]!.kind.endsWith('List')) {
      schemas.set(fileName(kinds[0]!), { ...strict[name], definitions: reachable(name, strict) });
    }
  }
  return schemas;
}

/** A strict schema for each version of a custom resource, by the name of its file. */
export function schemasOfCustomResource({ spec }: CustomResourceDefinition): Map<string, Schema> {
  const { group, names, versions } = spec;
  return new Map(
    versions.map(({ name: version, schema }) => [
      fileName({ group, version, kind: names.kind }),
      strictly(schema.openAPIV3Schema),
    ]),
  );
}

const INT_OR_STRING = 'io.k8s.apimachinery.pkg.util.intstr.IntOrString';
/** What the description calls a string, and the API server takes as a number too. */
const scalars: Record<string, Schema> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': { type: ['string', 'number'] },
  [INT_OR_STRING]: { type: ['string', 'integer'] },
};

/**
 * Fields that are not described are refused, as the API server does with strict validation. Formats are those of Go,
 * not of JSON schemas.
 */
function strictly(described: Schema): Schema {
  const schema = { ...described };
  delete schema.format;
  if (schema['x-kubernetes-int-or-string'] === true) {
    return scalars[INT_OR_STRING]!;
  }
  const { properties, items, additionalProperties } = schema;
  const isClosed =
    properties && additionalProperties === undefined && !schema['x-kubernetes-preserve-unknown-fields'];
  return {
    ...schema,
    ...(properties && { properties: mapped(properties, strictly) }),
    ...(isSchema(items) && { items: strictly(items) }),
    ...(isSchema(additionalProperties) && { additionalProperties: strictly(additionalProperties) }),
    ...(isClosed && { additionalProperties: false }),
  };
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null;
}

function mapped<From, To>(values: Record<string, From>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}

/** The definitions that one refers to, directly or through others. */
function reachable(name: string, definitions: Record<string, Schema>): Record<string, Schema> {
  const found = new Set<string>();
  const look = (text: string) => {
    for (const [, reference = ''] of text.matchAll(/"#\/definitions\/([^"]+)"/g)) {
      if (!found.has(reference)) {
        found.add(reference);
        look(JSON.stringify(definitions[reference]));
      }
    }
  };
  look(JSON.stringify(definitions[name]));
  return Object.fromEntries([...found].map((reference) => [reference, definitions[reference]!]));
}
