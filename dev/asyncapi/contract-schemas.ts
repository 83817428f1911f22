import { getMetadataStorage, IS_OPTIONAL } from 'class-validator';
import {
  nestedMembersOf,
  optionalMembersOf,
  type Contract,
  type NestedMember,
} from '@app/contracts/validate';
import { ref, ruleSchemas, type Schema } from './rule-schemas';

/**
 * The schemas of contracts, of the contracts in them and of all rules that they use, by name. Members that a contract
 * does not know are allowed: messages grow.
 * @param docstrings of contracts and members, e.g. by `StagedUser.login`
 * @throws naming a rule of a contract that has no schema
 */
export function contractSchemas(
  contracts: Contract<object>[],
  docstrings: ReadonlyMap<string, string>,
): Record<string, Schema> {
  const schemas = new Map<string, Schema>();
  contracts.forEach(add);
  return Object.fromEntries(schemas);

  function add(contract: Contract<object>): Schema {
    if (!schemas.has(contract.name)) {
      schemas.set(contract.name, {}); // keeps its place before what is in it
      schemas.set(contract.name, objectSchema(contract));
    }
    return ref(contract.name);
  }

  function objectSchema(contract: Contract<object>): Schema {
    const members = new Map<string, Schema[]>();
    const also = (name: string, schema: Schema) => members.set(name, [...(members.get(name) ?? []), schema]);
    const storage = getMetadataStorage();
    for (const metadata of storage.getTargetValidationMetadatas(contract, '', false, false)) {
      if (metadata.name === IS_OPTIONAL) {
        continue;
      }
      const [constraint] = storage.getTargetValidatorConstraints(metadata.constraintCls);
      const words = metadata.message ?? constraint?.instance.defaultMessage?.();
      also(metadata.propertyName, addRule(`${contract.name}.${metadata.propertyName}`, metadata.name, words));
    }
    for (const [name, nested] of nestedMembersOf(contract)) {
      also(name, nestedSchema(nested));
    }
    const optional = optionalMembersOf(contract);
    return {
      type: 'object',
      ...described(contract.name),
      required: [...members.keys()].filter((name) => !optional.has(name)),
      properties: Object.fromEntries(
        Array.from(members, ([name, parts]) => {
          const place = `${contract.name}.${name}`;
          return [name, optional.has(name) ? optionalMember(place, parts) : member(place, parts)];
        }),
      ),
    };
  }

  function addRule(place: string, rule = '', words: unknown): Schema {
    const known = ruleSchemas[rule];
    if (!known) {
      throw new Error(`${place} has the rule ${rule}, which has no schema: add it to ruleSchemas.`);
    }
    const must = String(words).replace(/^must be /, '');
    schemas.set(known.name, { description: must.charAt(0).toUpperCase() + must.slice(1), ...known.schema });
    return ref(known.name);
  }

  function nestedSchema({ contract, shape }: NestedMember): Schema {
    const item = add(contract());
    if (shape === 'one') {
      return item;
    }
    return shape === 'list' ? { type: 'array', items: item } : { type: 'object', additionalProperties: item };
  }

  /** Beside a reference nothing else may stand. */
  function member(place: string, parts: Schema[]): Schema {
    const description = described(place);
    const [only, ...others] = parts as [Schema, ...Schema[]];
    if (others.length > 0) {
      return { ...description, allOf: parts };
    }
    if (!description) {
      return only;
    }
    return '$ref' in only ? { ...description, allOf: parts } : { ...description, ...only };
  }

  /** Absent, or null. */
  function optionalMember(place: string, parts: Schema[]): Schema {
    const [only, ...others] = parts as [Schema, ...Schema[]];
    return {
      ...described(place),
      anyOf: [others.length > 0 ? { allOf: parts } : only, { type: 'null' }],
    };
  }

  function described(place: string): { description: string } | undefined {
    const description = docstrings.get(place);
    return description === undefined ? undefined : { description };
  }
}
