import {
  Controller,
  Get,
  HttpCode,
  Inject,
  Logger,
  NotFoundException,
  Param,
  Post,
  Query,
  UsePipes,
} from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  countParked,
  giveUpParked,
  listParked,
  parkedMessage,
  retryParked,
  type ParkedFilter,
} from '@app/operations/parked-orders';
import { Warehouse, type Client } from '@app/warehouse/warehouse';
import { FromToken, Protected } from '../http/caller.guard';
import { API_NAME, type Caller } from '../http/callers';
import { inputPipe, InvalidInput } from '../http/input.pipe';
import { ApiProblem, Problem } from '../http/problem';
import { contentOf, headersContent } from './content.contract';
import {
  HandledParked,
  ParkedDeedQuery,
  ParkedListQuery,
  ParkedPage,
  ParkedPath,
  WholeParked,
  type ParkedQuery,
} from './parked-orders.contract';
import { STAGING_WAREHOUSE } from './staging-warehouse';

/** Orders that wait for an entry of the dictionary: what operators see of them, and do with them. */
@Controller('api/parked-orders')
@UsePipes(inputPipe)
@ApiTags('Refused and parked')
@ApiExtraModels(Problem)
export class ParkedOrdersController {
  private readonly logger = new Logger('operators');

  constructor(@Inject(STAGING_WAREHOUSE) private readonly warehouse: Warehouse) {}

  @Get()
  @Protected('analyst')
  @ApiOperation({ summary: 'Orders that wait, and what they lack' })
  @ApiOkResponse({ type: ParkedPage })
  @ApiProblem(400, 'The query is invalid')
  list(@Query() { limit, skip, ...query }: ParkedListQuery): Promise<ParkedPage> {
    return this.warehouse.read((client) => listParked(client, filterOf(query), limit, skip));
  }

  @Get(':order_id/:version')
  @Protected('analyst')
  @ApiOperation({ summary: 'One of them with its message; it may name a person' })
  @ApiOkResponse({ type: WholeParked })
  @ApiProblem(404, 'This version does not wait')
  async one(@Param() { order_id, version }: ParkedPath): Promise<WholeParked> {
    const parked = await this.warehouse.read((client) =>
      parkedMessage(client, { objectId: order_id, version }),
    );
    if (!parked) {
      throw new NotFoundException('this version of the order does not wait');
    }
    const { key, value, headers, ...order } = parked;
    return {
      ...order,
      key: key === null ? null : contentOf(fromBase64(key)),
      value: contentOf(fromBase64(value)),
      headers: headersContent(
        headers.map(([name, text]) => [fromBase64(name), text === null ? null : fromBase64(text)]),
      ),
    };
  }

  @Post('retry')
  @Protected('operator')
  @HttpCode(200)
  @ApiOperation({ summary: 'Lets stg try them at once instead of when their time has come' })
  @ApiOkResponse({ type: HandledParked })
  @ApiProblem(400, 'The query is invalid, or has neither a filter nor all=true')
  retry(@Query() query: ParkedDeedQuery, @FromToken() { name = API_NAME }: Caller): Promise<HandledParked> {
    return this.handle('retried', query, name, retryParked);
  }

  @Post('discard')
  @Protected('operator')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Gives up on them: within a second stg makes dead letters of them, and they wait no longer',
    description:
      'Their versions stay in staging. When the entry has come after all, replay the dead letters with the reason `no_dictionary`.',
  })
  @ApiOkResponse({ type: HandledParked })
  @ApiProblem(400, 'The query is invalid, or has neither a filter nor all=true')
  discard(@Query() query: ParkedDeedQuery, @FromToken() { name = API_NAME }: Caller): Promise<HandledParked> {
    return this.handle('discarded', query, name, (client, filter) => giveUpParked(client, filter, name));
  }

  private async handle(
    done: string,
    { all, execute, ...query }: ParkedDeedQuery,
    by: string,
    change: (client: Client, filter: ParkedFilter) => Promise<number>,
  ): Promise<HandledParked> {
    const filter = filterOf(query);
    const isFiltered = Object.values(filter).some((value) => value !== undefined);
    if (isFiltered === (all === 'true')) {
      throw new InvalidInput([
        { field: 'all', message: `must be ${isFiltered ? 'left out beside' : 'true without'} a filter` },
      ]);
    }
    if (execute !== 'true') {
      const orders = await this.warehouse.read((client) => countParked(client, filter));
      return { executed: false, orders };
    }
    const orders = await this.warehouse.transaction((client) => change(client, filter));
    this.logger.log({ msg: `parked orders ${done}`, by, what: query, orders });
    return { executed: true, orders };
  }
}

function filterOf({ missing, older_than, object_id, version }: ParkedQuery): ParkedFilter {
  const [kind, ...id] = missing?.split(':') ?? [];
  return {
    missing: kind === undefined ? undefined : id.length > 0 ? { kind, id: id.join(':') } : { kind },
    olderThan: older_than,
    objectId: object_id,
    version,
  };
}

function fromBase64(text: string): Buffer {
  return Buffer.from(text, 'base64');
}
