import { Controller, Get, Inject, Query, Res, UsePipes } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { encodeJson } from '@app/contracts/json-text';
import { Warehouse, type Client } from '@app/warehouse/warehouse';
import { API_WAREHOUSE } from '../api/api.warehouse';
import { inputPipe } from '../api/input.pipe';
import { ApiProblem, Problem } from '../api/problem';
import {
  AudienceAnswer,
  FilterQuery,
  Named,
  PopularityAnswer,
  PopularityQuery,
  RestaurantAnswer,
  SummaryAnswer,
  TimelineAnswer,
  TimelineQuery,
} from './dashboard.contract';
import { listAudiences, listCategories, listRestaurants } from './lists';
import { categoryPopularity, productPopularity, restaurantPopularity } from './popularity';
import { summary } from './summary';
import { timeline } from './timeline';

/** What the dashboard shows: aggregates alone, hence without a token. */
@Controller('api')
@UsePipes(inputPipe)
@ApiTags('Dashboard')
@ApiExtraModels(Problem)
@ApiProblem(400, 'A filter is invalid')
@ApiProblem(503, 'The database is down, or the answer took longer than 10 seconds')
export class DashboardController {
  constructor(@Inject(API_WAREHOUSE) private readonly warehouse: Warehouse) {}

  @Get('popularity/categories')
  @ApiOperation({ summary: 'Categories by CLOSED orders or their users, largest first' })
  @ApiOkResponse({ type: [PopularityAnswer] })
  categories(@Query() query: PopularityQuery, @Res() response: Response): Promise<void> {
    return this.answer(response, (client) => categoryPopularity(client, query));
  }

  @Get('popularity/products')
  @ApiOperation({ summary: 'Dishes by CLOSED orders or their users, largest first' })
  @ApiOkResponse({ type: [PopularityAnswer] })
  products(@Query() query: PopularityQuery, @Res() response: Response): Promise<void> {
    return this.answer(response, (client) => productPopularity(client, query));
  }

  @Get('popularity/restaurants')
  @ApiOperation({
    summary: 'Restaurants and their categories by CLOSED orders or their users, largest first',
  })
  @ApiOkResponse({ type: [RestaurantAnswer] })
  restaurants(@Query() query: PopularityQuery, @Res() response: Response): Promise<void> {
    return this.answer(response, (client) => restaurantPopularity(client, query));
  }

  @Get('summary')
  @ApiOperation({ summary: 'Orders, users and money' })
  @ApiOkResponse({ type: SummaryAnswer })
  summary(@Query() query: FilterQuery, @Res() response: Response): Promise<void> {
    return this.answer(response, async (client) => ({
      ...(await summary(client, query)),
      as_of: new Date(),
    }));
  }

  @Get('timeline')
  @ApiOperation({ summary: 'Orders and money over time, without gaps; at most 10,000 steps' })
  @ApiOkResponse({ type: [TimelineAnswer] })
  timeline(@Query() query: TimelineQuery, @Res() response: Response): Promise<void> {
    return this.answer(response, (client) => timeline(client, query));
  }

  @Get('restaurants')
  @ApiOperation({ summary: 'Restaurants, for filters' })
  @ApiOkResponse({ type: [Named] })
  listRestaurants(@Res() response: Response): Promise<void> {
    return this.answer(response, listRestaurants);
  }

  @Get('categories')
  @ApiOperation({ summary: 'Categories, for filters' })
  @ApiOkResponse({ type: [Named] })
  listCategories(@Res() response: Response): Promise<void> {
    return this.answer(response, listCategories);
  }

  @Get('tags')
  @ApiOperation({ summary: 'Tags and how many users hold each, largest first' })
  @ApiOkResponse({ type: [AudienceAnswer] })
  listAudiences(@Res() response: Response): Promise<void> {
    return this.answer(response, listAudiences);
  }

  private async answer(response: Response, work: (client: Client) => Promise<unknown>): Promise<void> {
    const answer = await this.warehouse.withClient(work);
    response.header('Cache-Control', 'no-cache').type('application/json').send(encodeJson(answer));
  }
}
