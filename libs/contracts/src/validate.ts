import { getMetadataStorage, validateSync } from 'class-validator';
import { MessageRefused } from './dead-letter.contract';
import { excerpt, isJsonObject } from './json-text';

type Contract<T extends object> = new () => T;
interface NestedMember {
  contract: () => Contract<object>;
  shape: 'one' | 'list' | 'record';
}

const nestedMembers = new Map<object, Map<string, NestedMember>>();

/**
 * A member that is itself an object of a contract, a list of them, or a record of them by key. The rules of class-validator for
 * nested objects let a missing member pass, and a list in place of an object; here neither does.
 */
export function Nested(
  contract: () => Contract<object>,
  shape: NestedMember['shape'] = 'one',
): PropertyDecorator {
  return (target, property) => {
    const members = nestedMembers.get(target.constructor) ?? new Map<string, NestedMember>();
    nestedMembers.set(target.constructor, members.set(String(property), { contract, shape }));
  };
}

/**
 * The members that a contract knows, as an instance of its class; others are left out. Records become Maps.
 * @throws MessageRefused `invalid_message` with the path of the first field that breaks a rule, the rule, and the value
 */
export function validated<T extends object>(contract: Contract<T>, value: unknown): T {
  return instanceOf(contract, value, '');
}

function instanceOf<T extends object>(contract: Contract<T>, value: unknown, path: string): T {
  if (!isJsonObject(value)) {
    throw refusal(path || 'the message', value, 'must be an object');
  }
  // Contracts have no constructors of their own; the one that a build may give them would only define each member once more.
  const instance = Object.create(contract.prototype as object) as Record<string, unknown>;
  for (const name of memberNames(contract)) {
    instance[name] = Object.hasOwn(value, name) ? value[name] : undefined;
  }
  for (const [name, nested] of nestedMembers.get(contract) ?? []) {
    instance[name] = nestedOf(nested, instance[name], path ? `${path}.${name}` : name);
  }
  if (!rulesOf(contract).every((rule) => rule(instance))) {
    explain(instance, value, path);
  }
  return instance as T;
}

/** @throws MessageRefused with the first rule that is broken, in the words of class-validator */
function explain(instance: object, value: Record<string, unknown>, path: string): void {
  const [error] = validateSync(instance, { stopAtFirstError: true });
  if (error) {
    const [rule = 'is not valid'] = Object.values(error.constraints ?? {});
    throw refusal(path ? `${path}.${error.property}` : error.property, value[error.property], rule);
  }
}

function nestedOf({ contract, shape }: NestedMember, value: unknown, path: string): unknown {
  if (shape === 'one') {
    return instanceOf(contract(), value, path);
  }
  if (shape === 'list') {
    if (!Array.isArray(value)) {
      throw refusal(path, value, 'must be a list');
    }
    return value.map((item, place) => instanceOf(contract(), item, `${path}[${place}]`));
  }
  if (!isJsonObject(value)) {
    throw refusal(path, value, 'must be an object');
  }
  return new Map(
    Object.entries(value).map(([key, item]) => [key, instanceOf(contract(), item, `${path}.${key}`)]),
  );
}

function refusal(path: string, value: unknown, rule: string): MessageRefused {
  const field = path.length <= 200 ? path : `${path.slice(0, 200)}…`.toWellFormed();
  const sentence = value === undefined ? `${field} is missing` : `${field} ${rule}, got ${excerpt(value)}`;
  return new MessageRefused('invalid_message', sentence);
}

type Rule = (instance: Record<string, unknown>) => boolean;

const rulesOfContracts = new Map<object, Rule[]>();

/** The rules of a contract as plain functions: class-validator takes many times as long to find that all is well. */
function rulesOf(contract: Contract<object>): Rule[] {
  let rules = rulesOfContracts.get(contract);
  if (!rules) {
    rules = metadataOf(contract).flatMap(({ propertyName: property, constraintCls, constraints }) =>
      getMetadataStorage()
        .getTargetValidatorConstraints(constraintCls)
        .map(({ instance: constraint }): Rule => {
          const targetName = contract.name;
          return (object) => {
            const value = object[property];
            return constraint.validate(value, { value, object, property, constraints, targetName }) === true;
          };
        }),
    );
    rulesOfContracts.set(contract, rules);
  }
  return rules;
}

const namesOfContracts = new Map<object, string[]>();

function memberNames(contract: Contract<object>): string[] {
  let names = namesOfContracts.get(contract);
  if (!names) {
    const nested = nestedMembers.get(contract)?.keys() ?? [];
    names = [...new Set([...metadataOf(contract).map(({ propertyName }) => propertyName), ...nested])];
    namesOfContracts.set(contract, names);
  }
  return names;
}

function metadataOf(contract: Contract<object>) {
  return getMetadataStorage().getTargetValidationMetadatas(contract, '', false, false);
}
