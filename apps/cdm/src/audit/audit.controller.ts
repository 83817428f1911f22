import { Controller, Get, Inject, Query, UsePipes } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { isAtLeast } from '@app/contracts/api-roles';
import { Warehouse } from '@app/warehouse/warehouse';
import { API_WAREHOUSE } from '../http/api-warehouse';
import { FromToken, Protected } from '../http/caller.guard';
import type { Caller } from '../http/callers';
import { inputPipe } from '../http/input.pipe';
import { ApiProblem, Problem } from '../http/problem';
import {
  AuditAnswer,
  FindingsAnswer,
  FindingsQuery,
  type FindingAnswer,
  type RoundAnswer,
} from './audit.contract';

/** Columns that name a guest, or their entry of the dictionary: in the key of a row, or as what differs. */
const personal = ['user_id', 'h_user_pk', 'hk_order_user_pk', 'entry_pk', 'user_entry_pk'];

/** Whether vault and marts are what the messages say, as far as the auditor has come. */
@Controller('api/audit')
@ApiTags('Dashboard')
@ApiExtraModels(Problem)
export class AuditController {
  constructor(@Inject(API_WAREHOUSE) private readonly warehouse: Warehouse) {}

  @Get()
  @ApiOperation({ summary: 'Since when everything was looked at by the auditor, and how much is wrong' })
  @ApiOkResponse({ type: AuditAnswer })
  @ApiProblem(503, 'The database is down')
  async rounds(): Promise<AuditAnswer> {
    const text = /* sql */ `
      SELECT what, covered_since, coalesce(covered, 0)::float8 AS checked,
        (SELECT count(*)::integer FROM cdm.audit_findings finding WHERE finding.what = round.what AND closed_at IS NULL) AS wrong
      FROM cdm.audit_rounds round ORDER BY what`;
    return { rounds: (await this.warehouse.read((client) => client.query<RoundAnswer>(text))).rows };
  }

  @Get('findings')
  @Protected('viewer')
  @UsePipes(inputPipe)
  @ApiOperation({
    summary: 'What the auditor found: table, key, column, what should be there and what is',
    description: 'A viewer gets those that name no guest.',
  })
  @ApiOkResponse({ type: FindingsAnswer })
  @ApiProblem(400, 'The query is invalid')
  async findings(
    @Query() { state, limit, skip }: FindingsQuery,
    @FromToken() { role }: Caller,
  ): Promise<FindingsAnswer> {
    const hidden = isAtLeast(role, 'analyst') ? [] : personal;
    const text = /* sql */ `
      WITH matching AS (
        SELECT id, what, table_name AS "table", row_key AS key, column_name AS "column", against, expected, found, found_at, closed_at
        FROM cdm.audit_findings
        WHERE ($1 = 'all' OR (closed_at IS NULL) = ($1 = 'open'))
          AND NOT (row_key ?| $2::text[] OR column_name = ANY ($2::text[]))
      )
      SELECT sum.matching, page.* FROM (SELECT count(*)::integer AS matching FROM matching) AS sum LEFT JOIN LATERAL (
        SELECT * FROM matching ORDER BY closed_at IS NULL DESC, id DESC LIMIT $3 OFFSET $4
      ) AS page ON true ORDER BY page.closed_at IS NULL DESC, page.id DESC`;
    const { rows } = await this.warehouse.read((client) =>
      client.query<FindingRow>(text, [state, hidden, limit, skip]),
    );
    const findings = rows.filter(({ id }) => id !== null);
    return { findings: findings.map(findingOf), matching: rows[0]!.matching };
  }
}

/** A finding beside how many there are; without an id there is none on the page. */
interface FindingRow extends FindingAnswer {
  id: string | null;
  matching: number;
}

function findingOf(row: FindingRow): FindingAnswer {
  const { id: _, matching: __, ...finding } = row;
  return finding;
}
