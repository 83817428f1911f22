import { FORGOTTEN_NAME } from '@app/data-vault/columns';
import { personalMembersOf } from '@app/contracts/personal';
import { SourceOrder, SourceOrderPayload } from '@app/contracts/source-order.contract';
import { membersOf, nestedMembersOf, type Contract, type NestedMember } from '@app/contracts/validate';

/**
 * What is left of the messages of a user who is forgotten: the members of the contract, since what a source sends
 * besides may say anything, and of personal texts that there was one. Numbers stay the texts that they were.
 */
export function blankingSql(): string {
  return /* sql */ `
CREATE OR REPLACE FUNCTION operations.blank_payload(payload json) RETURNS json LANGUAGE sql IMMUTABLE AS $$
  SELECT ${blankObject(SourceOrderPayload, 'payload')}
$$;
CREATE OR REPLACE FUNCTION operations.blank_message(message bytea) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
  SELECT convert_to(${blankObject(SourceOrder, 'received')}::text, 'UTF8')
  FROM (SELECT convert_from(message, 'UTF8')::json AS received) AS read
$$;`;
}

/**
 * A member that is absent, or null, stays so.
 * @param value an object of the contract, as an expression of SQL
 */
export function blankObject(contract: Contract<object>, value: string): string {
  const nested = nestedMembersOf(contract);
  const personal = personalMembersOf(contract);
  const members = membersOf(contract).map((name, place) => {
    const member = `${value} -> '${name}'`;
    return `(${place}, '${name}', ${blankMember(name, member, nested.get(name), personal.has(name))})`;
  });
  return `(
    SELECT coalesce(json_object_agg(name, member ORDER BY place), '{}')
    FROM (VALUES ${members.join(',\n      ')}) AS members (place, name, member) WHERE member IS NOT NULL)`;
}

function blankMember(
  name: string,
  member: string,
  nested: NestedMember | undefined,
  isPersonal: boolean,
): string {
  if (isPersonal) {
    return ifIt('string', member, `to_json(${FORGOTTEN_NAME}::text)`);
  }
  if (!nested) {
    return member;
  }
  return nested.shape === 'list'
    ? ifIt('array', member, blankList(nested.contract(), name, member))
    : ifIt('object', member, blankObject(nested.contract(), member));
}

function blankList(contract: Contract<object>, name: string, list: string): string {
  return `(
    SELECT coalesce(json_agg(${blankObject(contract, `${name}.item`)} ORDER BY place), '[]')
    FROM json_array_elements(${list}) WITH ORDINALITY AS ${name} (item, place))`;
}

function ifIt(type: string, member: string, blanked: string): string {
  return `CASE json_typeof(${member}) WHEN '${type}' THEN ${blanked} ELSE ${member} END`;
}
