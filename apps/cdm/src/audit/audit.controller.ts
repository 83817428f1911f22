import { Controller, Get, Inject } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Warehouse } from '@app/warehouse/warehouse';
import { API_WAREHOUSE } from '../http/api-warehouse';
import { Protected } from '../http/caller.guard';
import { ApiProblem, Problem } from '../http/problem';
import { AuditAnswer, FindingsAnswer, type FindingAnswer, type RoundAnswer } from './audit.contract';

const MOST_FINDINGS = 100;

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
  @Protected('analyst')
  @ApiOperation({ summary: 'What the auditor found: table, key, column, what should be there and what is' })
  @ApiOkResponse({ type: FindingsAnswer })
  @ApiProblem(503, 'The database is down')
  async findings(): Promise<FindingsAnswer> {
    const text = /* sql */ `
      SELECT what, table_name AS "table", row_key AS key, column_name AS "column", against, expected, found, found_at, closed_at
      FROM cdm.audit_findings ORDER BY closed_at IS NULL DESC, id DESC LIMIT ${MOST_FINDINGS}`;
    return { findings: (await this.warehouse.read((client) => client.query<FindingAnswer>(text))).rows };
  }
}
