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
import { formats } from '@app/spreadsheets/sheet';
import { encodeJson } from '@app/values/json-text';
import { Warehouse } from '@app/warehouse/warehouse';
import { API_WAREHOUSE } from '../http/api-warehouse';
import { fileLanguage } from '../http/file-language';
import { inputPipe } from '../http/input.pipe';
import { ApiProblem, Problem } from '../http/problem';
import { ApiComputing, computing } from './computing';
import { ComputingAnswer } from './dashboard.contract';
import { listOrders } from './list-orders';
import { momentOf } from './moment';
import { orderCsv, orderXlsx, type PageOfOrders } from './order-file';
import { OrdersPage, OrdersQuery } from './orders.contract';
import { Past } from './past';
import { pastList } from './past-list';

/** The orders behind the figures. They name no user, hence without a token. */
@Controller('api/orders')
@UsePipes(inputPipe)
@ApiTags('Dashboard')
@ApiExtraModels(Problem, OrdersPage, ComputingAnswer)
export class OrdersController {
  constructor(
    @Inject(API_WAREHOUSE) private readonly warehouse: Warehouse,
    private readonly past: Past,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'The orders behind a figure: a page, or with Accept: text/csv or XLSX all of them',
  })
  @ApiOkResponse({
    description:
      'CSV and XLSX have all orders; limit and cursor are for pages. CSV has a line of names, ' +
      'order_id,ordered_at,restaurant,status,cost,payment. With a language (or Accept-Language: ru) it is for people: ' +
      'Excel opens it where Windows has that language. XLSX is for people, in English by default',
    content: {
      'application/json': { schema: { $ref: getSchemaPath(OrdersPage) } },
      [formats.csv]: { schema: { type: 'string' } },
      [formats.xlsx]: { schema: { type: 'string', format: 'binary' } },
    },
  })
  @ApiComputing()
  @ApiProblem(400, 'A filter is invalid')
  @ApiProblem(406, 'Neither JSON nor CSV nor XLSX is accepted')
  @ApiProblem(503, 'The database is down, or the answer took longer than 10 seconds')
  async orders(
    @Query() { limit, cursor, language, ...filter }: OrdersQuery,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<string | StreamableFile | ComputingAnswer> {
    response.vary('Accept, Accept-Language');
    const moment = momentOf(filter);
    const past = moment && (await this.past.at(moment));
    if (past && 'computing' in past) {
      return computing(response, past);
    }
    const pageOf: PageOfOrders = (most, after) =>
      past
        ? pastList(past, filter, most, after)
        : this.warehouse.read((client) => listOrders(client, filter, most, after));
    switch (request.accepts('application/json', formats.csv, formats.xlsx)) {
      case 'application/json': {
        response.type('application/json');
        return encodeJson(await pageOf(limit, cursor));
      }
      case formats.csv:
        return orderCsv(pageOf, fileLanguage(request, language));
      case formats.xlsx:
        return orderXlsx(pageOf, fileLanguage(request, language) ?? 'en');
      default:
        throw new NotAcceptableException(
          `this route answers application/json, ${formats.csv} or ${formats.xlsx}`,
        );
    }
  }
}
