import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Get, Inject, Logger, NotFoundException, Param, UsePipes } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { placeText } from '@app/operations/message-place';
import { reasonOf } from '@app/servers/reason-of';
import { Warehouse } from '@app/warehouse/warehouse';
import { StateWarehouses } from '../figures/state-warehouses';
import { API_WAREHOUSE } from '../http/api-warehouse';
import { Protected } from '../http/caller.guard';
import { inputPipe } from '../http/input.pipe';
import { ApiProblem, Problem } from '../http/problem';
import { DeadLetterDesk } from '../operate/dead-letter-desk';
import { orderInMarts, orderInStaging, orderInVault } from './order-in-layers';
import { OrderPath, OrderTraceAnswer, type RefusedMessages } from './trace.contract';

/** Of dead letters of one order, so many are shown: those that were refused last. */
const MOST_LETTERS = 100;
/** Where brokers do not answer by then, the order is shown without. */
const LETTERS_MS = 6_000;

/** Why a figure is what it is: one order through all layers. */
@Controller('api/orders')
@UsePipes(inputPipe)
@ApiTags('Dashboard')
@ApiExtraModels(Problem)
export class TraceController {
  private readonly logger = new Logger('trace');

  constructor(
    @Inject(API_WAREHOUSE) private readonly warehouse: Warehouse,
    private readonly layers: StateWarehouses,
    private readonly desk: DeadLetterDesk,
  ) {}

  @Get(':order_id')
  @Protected('analyst')
  @ApiOperation({ summary: 'The life of one order: its versions in each layer, and what it counts for' })
  @ApiOkResponse({ type: OrderTraceAnswer })
  @ApiProblem(400, 'The id is no whole number')
  @ApiProblem(404, 'No layer knows the order')
  @ApiProblem(503, 'A database is down, or its answer took longer than 10 seconds')
  async trace(@Param() { order_id }: OrderPath): Promise<OrderTraceAnswer> {
    const at = (layer: string) => this.layers.others.get(layer) ?? this.warehouse;
    const [staged, vault, counted, dead_letters] = await Promise.all([
      at('stg').read((client) => orderInStaging(client, order_id)),
      at('dds').read((client) => orderInVault(client, order_id)),
      this.warehouse.read((client) => orderInMarts(client, order_id)),
      this.refused(order_id),
    ]);
    if (staged.length === 0 && !vault && !counted && !dead_letters?.letters.length) {
      throw new NotFoundException('no layer knows an order with this id, and no dead letter is about it');
    }
    return { order_id, staged, vault, counted, dead_letters };
  }

  /** What the layers have of an order is shown also while no broker answers. */
  private async refused(orderId: string): Promise<RefusedMessages | null> {
    const silence = new AbortController();
    try {
      const { letters, left } = await Promise.race([
        this.desk.list({ object_id: orderId }, 'all', MOST_LETTERS),
        sleep(LETTERS_MS, undefined, silence).then(() => {
          throw new Error(`no answer within ${LETTERS_MS} ms`);
        }),
      ]);
      return {
        letters: letters.map(({ place, refusedAt, reason, field, source, mark }) => ({
          dead_letter: placeText(place),
          refused_at: refusedAt,
          reason,
          field: field ?? null,
          message: source ? placeText(source) : null,
          state: mark?.deed ?? 'open',
        })),
        left,
      };
    } catch (error) {
      this.logger.warn(`dead letters of an order cannot be looked at: ${reasonOf(error)}`);
      return null;
    } finally {
      silence.abort();
    }
  }
}
