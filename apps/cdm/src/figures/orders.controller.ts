import {
  Controller,
  Get,
  Inject,
  NotAcceptableException,
  Query,
  Req,
  Res,
  UsePipes,
  type StreamableFile,
} from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { Request as HttpRequest, Response as HttpResponse } from 'express';
import { encodeJson } from '@app/values/json-text';
import { Warehouse } from '@app/warehouse/warehouse';
import { API_WAREHOUSE } from '../http/api-warehouse';
import { csvOf } from '../http/csv-of';
import { inputPipe } from '../http/input.pipe';
import { ApiProblem, Problem } from '../http/problem';
import { csvRows, listOrders } from './list-orders';
import { OrdersPage, OrdersQuery } from './orders.contract';

/** The orders behind the figures. They name no user, hence without a token. */
@Controller('api/orders')
@UsePipes(inputPipe)
@ApiTags('Dashboard')
@ApiExtraModels(Problem, OrdersPage)
export class OrdersController {
  constructor(@Inject(API_WAREHOUSE) private readonly warehouse: Warehouse) {}

  @Get()
  @ApiOperation({ summary: 'The orders behind a figure: a page, or with Accept: text/csv all of them' })
  @ApiOkResponse({
    description:
      'CSV has a line of names, order_id,ordered_at,restaurant,status,cost,payment, and all orders; limit and cursor are for pages',
    content: {
      'application/json': { schema: { $ref: getSchemaPath(OrdersPage) } },
      'text/csv': { schema: { type: 'string' } },
    },
  })
  @ApiProblem(400, 'A filter is invalid')
  @ApiProblem(406, 'Neither JSON nor CSV is accepted')
  @ApiProblem(503, 'The database is down, or the answer took longer than 10 seconds')
  async orders(
    @Query() { limit, cursor, ...filter }: OrdersQuery,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<string | StreamableFile> {
    response.vary('Accept');
    switch (request.accepts('application/json', 'text/csv')) {
      case 'application/json': {
        response.type('application/json');
        return encodeJson(await this.warehouse.read((client) => listOrders(client, filter, limit, cursor)));
      }
      case 'text/csv':
        return csvOf(
          csvRows(this.warehouse, filter),
          ['order_id', 'ordered_at', 'restaurant', 'status', 'cost', 'payment'],
          'orders.csv',
        );
      default:
        throw new NotAcceptableException('this route answers application/json or text/csv');
    }
  }
}
