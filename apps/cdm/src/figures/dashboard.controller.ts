import { Controller, Get, Query, Res, UsePipes } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response as HttpResponse } from 'express';
import { encodeJson } from '@app/values/json-text';
import type { Client } from '@app/warehouse/warehouse';
import { inputPipe } from '../http/input.pipe';
import { ApiProblem, Problem } from '../http/problem';
import { Answers, type Answer } from './answers';
import type { CountedState } from './counted-state';
import {
  AudienceAnswer,
  ComputingAnswer,
  FilterQuery,
  Named,
  NamesQuery,
  PopularityAnswer,
  PopularityQuery,
  RestaurantAnswer,
  SummaryAnswer,
  TimelineAnswer,
  TimelineQuery,
} from './dashboard.contract';
import { findNames } from './find-names';
import { LedgerCopy } from './ledger-copy';
import { listAudiences, listCategories, listRestaurants } from './lists';
import { momentOf, type Moment } from './moment';
import { Past } from './past';
import { ApiComputing, computing } from './computing';
import { pastCategories, pastProducts, pastRestaurants, pastSummary, pastTimeline } from './past-figures';
import type { PastOrders } from './past-orders';
import { categoryPopularity, productPopularity, restaurantPopularity } from './popularity';
import { summary } from './summary';
import { timeline } from './timeline';

/** What the dashboard shows: aggregates alone, hence without a token. */
@Controller('api')
@UsePipes(inputPipe)
@ApiTags('Dashboard')
@ApiExtraModels(Problem, ComputingAnswer)
@ApiProblem(400, 'A filter is invalid')
@ApiProblem(503, 'The database is down, or the answer took longer than 10 seconds')
export class DashboardController {
  constructor(
    private readonly answers: Answers,
    private readonly copy: LedgerCopy,
    private readonly past: Past,
  ) {}

  @Get('popularity/categories')
  @ApiOperation({ summary: 'Categories by CLOSED orders or their users, largest first' })
  @ApiOkResponse({ type: [PopularityAnswer] })
  @ApiComputing()
  categories(@Query() query: PopularityQuery, @Res() response: HttpResponse): Promise<void> {
    return this.figure(response, query, {
      present: (client) => categoryPopularity(client, query, this.copy),
      past: (past) => pastCategories(past, query),
    });
  }

  @Get('popularity/products')
  @ApiOperation({ summary: 'Products by CLOSED orders or their users, largest first' })
  @ApiOkResponse({ type: [PopularityAnswer] })
  @ApiComputing()
  products(@Query() query: PopularityQuery, @Res() response: HttpResponse): Promise<void> {
    return this.figure(response, query, {
      present: (client) => productPopularity(client, query, this.copy),
      past: (past) => pastProducts(past, query),
    });
  }

  @Get('popularity/restaurants')
  @ApiOperation({
    summary: 'Restaurants and their categories by CLOSED orders or their users, largest first',
  })
  @ApiOkResponse({ type: [RestaurantAnswer] })
  @ApiComputing()
  restaurants(@Query() query: PopularityQuery, @Res() response: HttpResponse): Promise<void> {
    return this.figure(response, query, {
      present: (client) => restaurantPopularity(client, query, this.copy),
      past: (past) => pastRestaurants(past, query),
    });
  }

  @Get('summary')
  @ApiOperation({ summary: 'Orders, users and money' })
  @ApiOkResponse({ type: SummaryAnswer })
  @ApiComputing()
  summary(@Query() query: FilterQuery, @Res() response: HttpResponse): Promise<void> {
    return this.figure(response, query, {
      present: async (client, state) => ({
        ...(await summary(client, query, this.copy)),
        as_of: state.at,
      }),
      past: (past) => pastSummary(past, query),
    });
  }

  @Get('timeline')
  @ApiOperation({ summary: 'Orders and money over time, without gaps; at most 10,000 steps' })
  @ApiOkResponse({ type: [TimelineAnswer] })
  @ApiComputing()
  timeline(@Query() query: TimelineQuery, @Res() response: HttpResponse): Promise<void> {
    return this.figure(response, query, {
      present: (client) => timeline(client, query),
      past: (past) => pastTimeline(past, query),
    });
  }

  @Get('restaurants')
  @ApiOperation({ summary: 'Restaurants by name; with search or limit those with the most CLOSED orders' })
  @ApiOkResponse({ type: [Named] })
  listRestaurants(@Query() query: NamesQuery, @Res() response: HttpResponse): Promise<void> {
    return this.answer(response, query, (client) =>
      isSearch(query) ? findNames(client, 'restaurants', query) : listRestaurants(client),
    );
  }

  @Get('categories')
  @ApiOperation({ summary: 'Categories by name; with search or limit those with the most CLOSED orders' })
  @ApiOkResponse({ type: [Named] })
  listCategories(@Query() query: NamesQuery, @Res() response: HttpResponse): Promise<void> {
    return this.answer(response, query, (client) =>
      isSearch(query) ? findNames(client, 'categories', query) : listCategories(client),
    );
  }

  @Get('products')
  @ApiOperation({ summary: 'Products with the most CLOSED orders, 20 by default' })
  @ApiOkResponse({ type: [Named] })
  listProducts(@Query() query: NamesQuery, @Res() response: HttpResponse): Promise<void> {
    return this.answer(response, query, (client) => findNames(client, 'products', query));
  }

  @Get('tags')
  @ApiOperation({ summary: 'Tags and how many users hold each, largest first' })
  @ApiOkResponse({ type: [AudienceAnswer] })
  async listAudiences(@Res() response: HttpResponse): Promise<void> {
    // Tags also come and go with rules and with time.
    send(response, await this.answers.answerAnew('tags', listAudiences));
  }

  /** Of the moment that the question names, or of the present. */
  private async figure(
    response: HttpResponse,
    question: Moment,
    compute: {
      present: (client: Client, state: CountedState) => Promise<unknown>;
      past: (past: PastOrders) => Promise<unknown>;
    },
  ): Promise<void> {
    const moment = momentOf(question);
    if (!moment) {
      return this.answer(response, question, compute.present);
    }
    const past = await this.past.at(moment);
    if ('computing' in past) {
      response.send(computing(response, past));
    } else {
      sendJson(response, encodeJson(await compute.past(past)));
    }
  }

  private async answer(
    response: HttpResponse,
    question: object,
    compute: (client: Client, state: CountedState) => Promise<unknown>,
  ): Promise<void> {
    this.copy.prepare();
    const path = response.req.path;
    send(response, await this.answers.answer(`${path} ${JSON.stringify(question)}`, compute));
  }
}

function isSearch({ search, limit }: NamesQuery): boolean {
  return search !== undefined || limit !== undefined;
}

/** Express adds the ETag. A request after a change must not get the answer from before it. */
function send(response: HttpResponse, { json, state }: Answer): void {
  if (state.at) {
    response.header('X-As-Of', state.at.toISOString());
  }
  sendJson(response, json);
}

function sendJson(response: HttpResponse, json: string): void {
  response.header('Cache-Control', 'no-cache').type('application/json').send(json);
}
