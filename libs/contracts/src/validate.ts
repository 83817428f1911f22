import { getMetadataStorage, IS_OPTIONAL, validateSync, type ValidationArguments } from 'class-validator';
import { MessageRefused } from './dead-letter.contract';
import { excerpt, isJsonObject } from '@app/values/json-text';

export type Contract<T extends object> = new () => T;
export interface NestedMember {
  contract: () => Contract<object>;
  shape: 'one' | 'list' | 'record';
}

const nestedMembers = new Map<object, Map<string, NestedMember>>();

/**
 * A member that is itself an object of a contract, a list of them, or a record of them by key. The rules of
 * class-validator for nested objects let a missing member pass, and a list in place of an object; here neither does.
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

/** By name. */
export function nestedMembersOf(contract: Contract<object>): ReadonlyMap<string, NestedMember> {
  return nestedMembers.get(contract) ?? new Map<string, NestedMember>();
}

/** The names of all members, objects last. */
export function membersOf(contract: Contract<object>): string[] {
  const nested = nestedMembersOf(contract);
  const names = rulesAsDeclared(contract).map(({ propertyName }) => propertyName);
  return [...new Set([...names.filter((name) => !nested.has(name)), ...nested.keys()])];
}

/**
 * Members that may be absent, or null: those with `@IsOptional()` of class-validator, which then asks no other rule of
 * them.
 */
export function optionalMembersOf(contract: Contract<object>): ReadonlySet<string> {
  const optional = rulesAsDeclared(contract).filter(({ name }) => name === IS_OPTIONAL);
  return new Set(optional.map(({ propertyName }) => propertyName));
}

/**
 * The value itself, once it keeps the rules of the contract; members that the contract does not know stay where they
 * are, unread. Records become Maps, in the value too.
 * @throws MessageRefused `invalid_message` with the path of the first field that breaks a rule, the rule, and the value
 */
export function validated<T extends object>(contract: Contract<T>, value: unknown): T {
  return checked(contract, value, '') as T;
}

function checked(contract: Contract<object>, value: unknown, path: string): object {
  if (!isJsonObject(value)) {
    throw refusal(path || 'the message', value, 'must be an object');
  }
  const { members, rules } = checksOf(contract);
  for (const { name, nested, isOptional } of members) {
    if (isOptional && isLeftOut(value[name])) {
      continue;
    }
    const member = checkedMember(nested, value[name], path ? `${path}.${name}` : name);
    if (nested.shape === 'record') {
      value[name] = member;
    }
  }
  for (const keepsRule of rules) {
    if (!keepsRule(value)) {
      explain(contract, value, path);
    }
  }
  return value;
}

function checkedMember({ contract, shape }: NestedMember, value: unknown, path: string): unknown {
  if (shape === 'one') {
    return checked(contract(), value, path);
  }
  if (shape === 'list') {
    if (!Array.isArray(value)) {
      throw refusal(path, value, 'must be a list');
    }
    value.forEach((item, place) => checked(contract(), item, `${path}[${place}]`));
    return value;
  }
  if (!isJsonObject(value)) {
    throw refusal(path, value, 'must be an object');
  }
  return new Map(
    Object.entries(value).map(([key, item]) => [key, checked(contract(), item, `${path}.${key}`)]),
  );
}

/**
 * @throws MessageRefused with the first rule that is broken, in the words of class-validator, which looks at instances
 * only
 */
function explain(contract: Contract<object>, value: Record<string, unknown>, path: string): void {
  // Known members alone: one that is named `__proto__` or `constructor` would make class-validator lose the rules.
  const instance = Object.create(contract.prototype as object) as Record<string, unknown>;
  for (const { propertyName } of rulesAsDeclared(contract)) {
    instance[propertyName] = value[propertyName];
  }
  const [error] = validateSync(instance, { stopAtFirstError: true });
  if (error) {
    const [rule = 'is not valid'] = Object.values(error.constraints ?? {});
    const member = value[error.property];
    const asSent = member instanceof Map ? Object.fromEntries(member) : member;
    throw refusal(path ? `${path}.${error.property}` : error.property, asSent, rule);
  }
}

function refusal(path: string, value: unknown, rule: string): MessageRefused {
  const field = path.length <= 200 ? path : `${path.slice(0, 200)}…`.toWellFormed();
  const sentence = value === undefined ? `${field} is missing` : `${field} ${rule}, got ${excerpt(value)}`;
  return new MessageRefused('invalid_message', sentence);
}

type Rule = (value: Record<string, unknown>) => boolean;

/** A contract as plain functions: class-validator takes many times as long to find that all is well. */
interface Checks {
  members: { name: string; nested: NestedMember; isOptional: boolean }[];
  rules: Rule[];
}

const checksOfContracts = new Map<object, Checks>();

function checksOf(contract: Contract<object>): Checks {
  const known = checksOfContracts.get(contract);
  if (known) {
    return known;
  }
  const storage = getMetadataStorage();
  const optional = optionalMembersOf(contract);
  const checks = {
    members: Array.from(nestedMembersOf(contract), ([name, nested]) => ({
      name,
      nested,
      isOptional: optional.has(name),
    })),
    rules: rulesAsDeclared(contract).flatMap(({ propertyName: property, constraintCls, constraints }) =>
      storage.getTargetValidatorConstraints(constraintCls).map(({ instance: constraint }): Rule => {
        // Made once: a rule is asked for every message, and looks at the arguments only while it is asked.
        const args: ValidationArguments = {
          value: undefined,
          object: {},
          property,
          constraints,
          targetName: '',
        };
        const isOptional = optional.has(property);
        return (object) => {
          args.value = object[property];
          args.object = object;
          return (isOptional && isLeftOut(args.value)) || constraint.validate(args.value, args) === true;
        };
      }),
    ),
  };
  checksOfContracts.set(contract, checks);
  return checks;
}

function rulesAsDeclared(contract: Contract<object>) {
  return getMetadataStorage().getTargetValidationMetadatas(contract, '', false, false);
}

function isLeftOut(value: unknown): boolean {
  return value === undefined || value === null;
}
