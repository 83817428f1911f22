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
  const schemas = new Schemas(docstrings);
  for (const contract of contracts) {
    schemas.add(contract);
  }
  return Object.fromEntries(schemas.byName);
}

class Schemas {
  readonly byName = new Map<string, Schema>();

  constructor(private readonly docstrings: ReadonlyMap<string, string>) {}

  /** @returns a reference to the schema of the contract */
  add(contract: Contract<object>): Schema {
    if (!this.byName.has(contract.name)) {
      this.byName.set(contract.name, {}); // keeps its place before what is in it
      this.byName.set(contract.name, this.objectSchema(contract));
    }
    return ref(contract.name);
  }

  private objectSchema(contract: Contract<object>): Schema {
    const members = this.membersOf(contract);
    const optional = optionalMembersOf(contract);
    return {
      type: 'object',
      ...described(this.docstrings.get(contract.name)),
      required: [...members.keys()].filter((name) => !optional.has(name)),
      properties: Object.fromEntries(
        Array.from(members, ([name, parts]) => {
          const docstring = this.docstrings.get(`${contract.name}.${name}`);
          return [name, optional.has(name) ? optionalMember(docstring, parts) : member(docstring, parts)];
        }),
      ),
    };
  }

  /** By the name of a member, all that holds for it. */
  private membersOf(contract: Contract<object>): Map<string, Schema[]> {
    const members = new Map<string, Schema[]>();
    const also = (name: string, schema: Schema) => members.set(name, [...(members.get(name) ?? []), schema]);
    const storage = getMetadataStorage();
    for (const metadata of storage.getTargetValidationMetadatas(contract, '', false, false)) {
      if (metadata.name === IS_OPTIONAL) {
        continue;
      }
      const [constraint] = storage.getTargetValidatorConstraints(metadata.constraintCls);
      const words = metadata.message ?? constraint?.instance.defaultMessage?.();
      const place = `${contract.name}.${metadata.propertyName}`;
      also(metadata.propertyName, this.addRule(place, metadata.name, words));
    }
    for (const [name, nested] of nestedMembersOf(contract)) {
      also(name, this.nestedSchema(nested));
    }
    return members;
  }

  private addRule(place: string, rule = '', words: unknown): Schema {
    const known = ruleSchemas[rule];
    if (!known) {
      throw new Error(`${place} has the rule ${rule}, which has no schema: add it to ruleSchemas.`);
    }
    const must = String(words).replace(/^must be /, '');
    const description = must.charAt(0).toUpperCase() + must.slice(1);
    this.byName.set(known.name, { description, ...known.schema });
    return ref(known.name);
  }

  private nestedSchema({ contract, shape }: NestedMember): Schema {
    const item = this.add(contract());
    if (shape === 'one') {
      return item;
    }
    return shape === 'list' ? { type: 'array', items: item } : { type: 'object', additionalProperties: item };
  }
}

/** Beside a reference nothing else may stand. */
function member(docstring: string | undefined, parts: Schema[]): Schema {
  const description = described(docstring);
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
function optionalMember(docstring: string | undefined, parts: Schema[]): Schema {
  const [only, ...others] = parts as [Schema, ...Schema[]];
  return {
    ...described(docstring),
    anyOf: [others.length > 0 ? { allOf: parts } : only, { type: 'null' }],
  };
}

function described(docstring: string | undefined): { description: string } | undefined {
  return docstring === undefined ? undefined : { description: docstring };
}
