import { FORGOTTEN_NAME } from '@app/data-vault/columns';
import { personalMembersOf } from '@app/contracts/personal';
import { SourceOrder, SourceOrderPayload } from '@app/contracts/source-order.contract';
import { membersOf, nestedMembersOf, type Contract } from '@app/contracts/validate';

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

/** @param value an object of the contract, as an expression of SQL */
function blankObject(contract: Contract<object>, value: string): string {
  const nested = nestedMembersOf(contract);
  const personal = personalMembersOf(contract);
  const members = membersOf(contract).map((name) => {
    const member = `${value} -> '${name}'`;
    const one = nested.get(name);
    if (one) {
      return `'${name}', ${one.shape === 'list' ? blankList(one.contract(), name, member) : blankObject(one.contract(), member)}`;
    }
    return `'${name}', ${personal.has(name) ? blankText(member) : member}`;
  });
  return `json_build_object(${members.join(',\n    ')})`;
}

function blankList(contract: Contract<object>, name: string, list: string): string {
  return `(
    SELECT coalesce(json_agg(${blankObject(contract, `${name}.item`)} ORDER BY place), '[]')
    FROM json_array_elements(${list}) WITH ORDINALITY AS ${name} (item, place))`;
}

/** Where there was none, there is none. */
function blankText(member: string): string {
  return `CASE json_typeof(${member}) WHEN 'string' THEN to_json(${FORGOTTEN_NAME}::text) END`;
}
