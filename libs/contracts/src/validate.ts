import { getMetadataStorage, ValidateNested, validateSync, type ValidationError } from 'class-validator';
import { MessageRefused } from './dead-letter.contract';
import { excerpt } from './json-text';

type Contract<T extends object> = new () => T;
type Shape = 'one' | 'list' | 'record';
interface NestedMember {
  contract: () => Contract<object>;
  shape: Shape;
}

const nestedMembers = new Map<object, Map<string, NestedMember>>();

/** A member that is itself an object of a contract, a list of them, or a record of them by key. */
export function Nested(contract: () => Contract<object>, shape: Shape = 'one'): PropertyDecorator {
  return (target, property) => {
    ValidateNested({
      each: shape !== 'one',
      message: `must be ${shape === 'list' ? 'a list' : 'an object'}`,
    })(target, property);
    const members = nestedMembers.get(target.constructor) ?? new Map<string, NestedMember>();
    nestedMembers.set(target.constructor, members.set(String(property), { contract, shape }));
  };
}

/**
 * The members that a contract knows, as an instance of its class; others are left out. Records become Maps.
 * @throws MessageRefused `invalid_message` with the path of the first field that breaks a rule, the rule, and the value
 */
export function validated<T extends object>(contract: Contract<T>, value: unknown): T {
  if (!isObject(value)) {
    throw new MessageRefused('invalid_message', `the message must be an object, got ${excerpt(value)}`);
  }
  const instance = instantiate(contract, value);
  const [error] = validateSync(instance, { stopAtFirstError: true, forbidUnknownValues: true });
  if (error) {
    throw new MessageRefused('invalid_message', describe(error));
  }
  return instance;
}

function instantiate<T extends object>(contract: Contract<T>, value: Record<string, unknown>): T {
  const instance = new contract() as Record<string, unknown>;
  for (const name of memberNames(contract)) {
    const member = Object.hasOwn(value, name) ? value[name] : undefined;
    const nested = nestedMembers.get(contract)?.get(name);
    instance[name] = nested ? instantiateNested(nested, member) : member;
  }
  return instance as T;
}

function instantiateNested({ contract, shape }: NestedMember, value: unknown): unknown {
  const one = (item: unknown) => (isObject(item) ? instantiate(contract(), item) : item);
  if (shape === 'list' && Array.isArray(value)) {
    return value.map(one);
  }
  if (shape === 'record' && isObject(value)) {
    return new Map(Object.entries(value).map(([key, item]) => [key, one(item)]));
  }
  return shape === 'one' ? one(value) : value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const namesOfContracts = new Map<object, string[]>();

function memberNames(contract: Contract<object>): string[] {
  let names = namesOfContracts.get(contract);
  if (!names) {
    const rules = getMetadataStorage().getTargetValidationMetadatas(contract, '', false, false);
    names = [...new Set(rules.map((metadata) => metadata.propertyName))];
    namesOfContracts.set(contract, names);
  }
  return names;
}

function describe(error: ValidationError, parent = ''): string {
  const path = /^\d+$/.test(error.property)
    ? `${parent}[${error.property}]`
    : `${parent && `${parent}.`}${error.property}`;
  const [child] = error.children ?? [];
  if (child) {
    return describe(child, path);
  }
  const [rule] = Object.values(error.constraints ?? {});
  return error.value === undefined ? `${path} is missing` : `${path} ${rule}, got ${excerpt(error.value)}`;
}
