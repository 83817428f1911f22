import { Controller, Get, Inject, Query, UsePipes } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Warehouse } from '@app/warehouse/warehouse';
import { CdmEnvironment } from '../environment/cdm.environment';
import { LedgerCopy } from '../figures/ledger-copy';
import { API_WAREHOUSE } from '../http/api-warehouse';
import { Protected } from '../http/caller.guard';
import { inputPipe } from '../http/input.pipe';
import { ApiProblem, Problem } from '../http/problem';
import { tagOverlap } from './tag-overlap';
import { tagOverview } from './tag-overview';
import { OverlapAnswer, OverlapQuery, TagOverview } from './tags.contract';

/** Tags as a whole: how many users hold them, without the users. */
@Controller('api/tags')
@UsePipes(inputPipe)
@ApiTags('Tags')
@ApiExtraModels(Problem)
export class TagsController {
  constructor(
    @Inject(API_WAREHOUSE) private readonly warehouse: Warehouse,
    private readonly copy: LedgerCopy,
    private readonly environment: CdmEnvironment,
  ) {}

  @Get('overview')
  @Protected('viewer')
  @ApiOperation({ summary: 'Every tag that a rule gives or a user holds, largest audience first' })
  @ApiOkResponse({ type: [TagOverview] })
  overview(): Promise<TagOverview[]> {
    // The page begins with this list; a rule that is edited next is previewed from the copy.
    this.copy.prepare();
    return this.warehouse.read((client) => tagOverview(client, this.environment.SOURCE_TIME_ZONE));
  }

  @Get('overlap')
  @Protected('viewer')
  @ApiOperation({ summary: 'How many users tags share' })
  @ApiOkResponse({ type: OverlapAnswer })
  @ApiProblem(400, 'The tags are not 2 to 10 different ones')
  overlap(@Query() { tag }: OverlapQuery): Promise<OverlapAnswer> {
    return this.warehouse.read((client) => tagOverlap(client, tag));
  }
}
