import {
  Controller,
  Get,
  HttpCode,
  Inject,
  NotFoundException,
  Param,
  Post,
  Query,
  UsePipes,
} from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { latestLocalTime } from '@app/values/local-time';
import { Warehouse } from '@app/warehouse/warehouse';
import { CdmEnvironment } from '../environment/cdm.environment';
import { API_WAREHOUSE } from '../http/api-warehouse';
import { FromToken, Protected } from '../http/caller.guard';
import type { Caller } from '../http/callers';
import { inputPipe } from '../http/input.pipe';
import { ApiProblem, Problem } from '../http/problem';
import { changeRulesFor } from './change-rules-for';
import { Clock } from './clock';
import { history, undoChange } from './tag-history';
import { ChangePath, HistoryPage, HistoryQuery, UndoneChange } from './tag-history.contract';
import { RulePath } from './tag-rule.contract';
import { readRule } from './tag-rules';

const NO_CHANGE = 'there is no such change of a rule with this id';

/** It stands before the controller of rules, which takes any word for the id of one. */
@Controller('api/tag-rules')
@UsePipes(inputPipe)
@ApiTags('Tag rules')
@ApiExtraModels(Problem)
export class TagHistoryController {
  constructor(
    @Inject(API_WAREHOUSE) private readonly warehouse: Warehouse,
    private readonly clock: Clock,
    private readonly environment: CdmEnvironment,
  ) {}

  @Get('history')
  @Protected('viewer')
  @ApiOperation({ summary: 'All changes of rules, newest first' })
  @ApiOkResponse({ type: HistoryPage })
  @ApiProblem(400, 'The query is invalid')
  all(@Query() query: HistoryQuery): Promise<HistoryPage> {
    return this.warehouse.read((client) => history(client, query));
  }

  @Get(':id/history')
  @Protected('viewer')
  @ApiOperation({
    summary: 'The changes of one rule, newest first; also of one that is deleted',
  })
  @ApiOkResponse({ type: HistoryPage })
  @ApiProblem(400, 'The query or the id is invalid')
  ofRule(@Param() { id }: RulePath, @Query() query: HistoryQuery): Promise<HistoryPage> {
    return this.warehouse.read((client) => history(client, query, id));
  }

  @Post(':id/history/:number/undo')
  @Protected('editor')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Sets a rule back to what it was before a change; that is a change too',
    description: 'A rule that was created is deleted; one that was deleted comes back with its id.',
  })
  @ApiOkResponse({ type: UndoneChange })
  @ApiProblem(400, 'The id or the number is invalid')
  @ApiProblem(404, 'There is no such change')
  undo(@Param() { id, number }: ChangePath, @FromToken() caller: Caller): Promise<UndoneChange> {
    return this.warehouse.transaction(async (client) => {
      await changeRulesFor(client, caller);
      if (!(await undoChange(client, id, number))) {
        throw new NotFoundException(NO_CHANGE);
      }
      const now = latestLocalTime(this.clock.now(), this.environment.SOURCE_TIME_ZONE);
      return { rule: (await readRule(client, id, now)) ?? null };
    });
  }
}
