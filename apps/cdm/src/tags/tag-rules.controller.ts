import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  NotFoundException,
  Param,
  Post,
  Put,
  Res,
  UsePipes,
} from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiExtraModels,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { Throttle } from '@nestjs/throttler';
import type { Response as HttpResponse } from 'express';
import { Warehouse, type Client } from '@app/warehouse/warehouse';
import { CdmEnvironment } from '../environment/cdm.environment';
import { changeRulesFor } from './change-rules-for';
import { Clock } from './clock';
import { latestLocalTime } from '@app/values/local-time';
import { LedgerCopy } from '../figures/ledger-copy';
import { API_WAREHOUSE } from '../http/api-warehouse';
import { inputPipe } from '../http/input.pipe';
import { backtestRule } from './backtest-rule';
import { previewRule } from './preview-rule';
import { ApiProblem, Problem } from '../http/problem';
import {
  BacktestAnswer,
  PreviewAnswer,
  PreviewInput,
  RulePath,
  TagRuleAnswer,
  TagRuleInput,
} from './tag-rule.contract';
import { changeRule, createRule, deleteRule, listRules, readRule, rowOf } from './tag-rules';
import { FromToken, Protected } from '../http/caller.guard';
import { API_NAME, type Caller } from '../http/callers';

/** Of one address, in a minute: what somebody asks who types, a few times a second. */
const MOST_PREVIEWS = 240;
/** Each reads all orders that match, for 90 days. */
const MOST_BACKTESTS = 60;
const NO_RULE = 'there is no rule with this id';
const READ_ONLY =
  'What only the service sets (id, created_at, changed_by, changed_at, evaluation) may come back with a rule that was read; it is ignored.';

@Controller('api/tag-rules')
@UsePipes(inputPipe)
@ApiTags('Tag rules')
@ApiExtraModels(Problem)
export class TagRulesController {
  constructor(
    @Inject(API_WAREHOUSE) private readonly warehouse: Warehouse,
    private readonly copy: LedgerCopy,
    private readonly clock: Clock,
    private readonly environment: CdmEnvironment,
  ) {}

  @Get()
  @Protected('viewer')
  @ApiOperation({ summary: 'All rules, oldest first' })
  @ApiOkResponse({ type: [TagRuleAnswer] })
  list(): Promise<TagRuleAnswer[]> {
    return this.warehouse.read((client) => listRules(client, this.nowLocal()));
  }

  @Get(':id')
  @Protected('viewer')
  @ApiOperation({ summary: 'One rule' })
  @ApiOkResponse({ type: TagRuleAnswer })
  @ApiProblem(400, 'The id is no UUID')
  @ApiProblem(404, 'There is no such rule')
  read(@Param() { id }: RulePath): Promise<TagRuleAnswer> {
    return this.warehouse.read((client) => this.stored(client, id));
  }

  @Post()
  @Protected('editor')
  @ApiOperation({ summary: 'Adds a rule; all users are evaluated in the background', description: READ_ONLY })
  @ApiCreatedResponse({
    type: TagRuleAnswer,
    headers: { Location: { description: 'The path of the rule', schema: { type: 'string' } } },
  })
  @ApiProblem(400, 'The body is invalid')
  @ApiProblem(413, 'The body is too large')
  async create(
    @Body() input: TagRuleInput,
    @FromToken() caller: Caller,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<TagRuleAnswer> {
    const rule = await this.change(caller, async (client) =>
      this.stored(client, await createRule(client, input, caller.name ?? input.created_by ?? API_NAME)),
    );
    response.location(`/api/tag-rules/${rule.id}`);
    return rule;
  }

  @Put(':id')
  @Protected('editor')
  @ApiOperation({
    summary: 'Changes a rule; all users are evaluated in the background',
    description: READ_ONLY,
  })
  @ApiOkResponse({ type: TagRuleAnswer })
  @ApiProblem(400, 'The body or the id is invalid')
  @ApiProblem(404, 'There is no such rule')
  @ApiProblem(413, 'The body is too large')
  replace(
    @Param() { id }: RulePath,
    @Body() input: TagRuleInput,
    @FromToken() caller: Caller,
  ): Promise<TagRuleAnswer> {
    return this.change(caller, async (client) => {
      await changeRule(client, id, input, caller.name === undefined ? input.created_by : undefined);
      return this.stored(client, id);
    });
  }

  @Delete(':id')
  @Protected('editor')
  @HttpCode(204)
  @ApiOperation({ summary: 'Deletes a rule; the tags that only it gives are revoked in the background' })
  @ApiNoContentResponse()
  @ApiProblem(400, 'The id is no UUID')
  @ApiProblem(404, 'There is no such rule')
  async delete(@Param() { id }: RulePath, @FromToken() caller: Caller): Promise<void> {
    if (!(await this.change(caller, (client) => deleteRule(client, id)))) {
      throw new NotFoundException(NO_RULE);
    }
  }

  @Post('preview')
  @Protected('viewer')
  @HttpCode(200)
  @Throttle({ default: { limit: MOST_PREVIEWS } })
  @ApiOperation({
    summary:
      'How many users would get and lose the tag, with a sample, which a viewer does not get; nothing is saved',
  })
  @ApiOkResponse({ type: PreviewAnswer })
  @ApiProblem(400, 'The body is invalid')
  @ApiProblem(404, 'There is no rule with this id')
  @ApiProblem(413, 'The body is too large')
  async preview(@Body() input: PreviewInput, @FromToken() { role }: Caller): Promise<PreviewAnswer> {
    const answer = await this.copy.snapshot((client, columns) =>
      previewRule(
        client,
        rowOf(input),
        { replacedId: input.id, histogramOf: input.histogram_of },
        this.nowLocal(),
        columns,
      ),
    );
    if (!answer) {
      throw new NotFoundException(NO_RULE);
    }
    return role === 'viewer' ? { ...answer, sample: [] } : answer;
  }

  @Post('backtest')
  @Protected('viewer')
  @HttpCode(200)
  @Throttle({ default: { limit: MOST_BACKTESTS } })
  @ApiOperation({
    summary: 'The audience on each of the last 90 days as if the rule had been in force; nothing is saved',
    description:
      'An order counts from the day on which it was made, as the ledger has it now: corrections are in it from the first day on.',
  })
  @ApiOkResponse({ type: BacktestAnswer })
  @ApiProblem(400, 'The body is invalid')
  @ApiProblem(413, 'The body is too large')
  async backtest(@Body() input: TagRuleInput, @FromToken() { role }: Caller): Promise<BacktestAnswer> {
    const { conditions } = rowOf(input);
    const answer = await this.warehouse.snapshot((client) =>
      backtestRule(client, conditions, this.nowLocal()),
    );
    return role === 'viewer' ? { ...answer, gains: [] } : answer;
  }

  /** Changes rules in a transaction, whose history names the caller. */
  private change<T>(caller: Caller, work: (client: Client) => Promise<T>): Promise<T> {
    return this.warehouse.transaction(async (client) => {
      await changeRulesFor(client, caller);
      return work(client);
    });
  }

  /** @throws NotFoundException */
  private async stored(client: Client, id: string): Promise<TagRuleAnswer> {
    const rule = await readRule(client, id, this.nowLocal());
    if (!rule) {
      throw new NotFoundException(NO_RULE);
    }
    return rule;
  }

  private nowLocal(): string {
    return latestLocalTime(this.clock.now(), this.environment.SOURCE_TIME_ZONE);
  }
}
