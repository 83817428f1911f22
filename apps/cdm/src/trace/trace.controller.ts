import { Controller, Get, Inject, NotFoundException, Param, UsePipes } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Warehouse } from '@app/warehouse/warehouse';
import { StateWarehouses } from '../figures/state-warehouses';
import { API_WAREHOUSE } from '../http/api-warehouse';
import { Protected } from '../http/caller.guard';
import { inputPipe } from '../http/input.pipe';
import { ApiProblem, Problem } from '../http/problem';
import { orderInMarts, orderInStaging, orderInVault } from './order-in-layers';
import { OrderPath, OrderTraceAnswer } from './trace.contract';

/** Why a figure is what it is: one order through all layers. */
@Controller('api/orders')
@UsePipes(inputPipe)
@ApiTags('Dashboard')
@ApiExtraModels(Problem)
export class TraceController {
  constructor(
    @Inject(API_WAREHOUSE) private readonly warehouse: Warehouse,
    private readonly layers: StateWarehouses,
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
    const [staged, vault, counted] = await Promise.all([
      at('stg').read((client) => orderInStaging(client, order_id)),
      at('dds').read((client) => orderInVault(client, order_id)),
      this.warehouse.read((client) => orderInMarts(client, order_id)),
    ]);
    if (staged.length === 0 && !vault && !counted) {
      throw new NotFoundException('no layer knows an order with this id; it may be among the dead letters');
    }
    return { order_id, staged, vault, counted };
  }
}
