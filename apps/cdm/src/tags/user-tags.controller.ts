import {
  Controller,
  Get,
  Inject,
  NotAcceptableException,
  NotFoundException,
  Param,
  Query,
  Req,
  Res,
  StreamableFile,
  UsePipes,
} from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags, getSchemaPath, ApiExtraModels } from '@nestjs/swagger';
import type { Request as HttpRequest, Response as HttpResponse } from 'express';
import { Warehouse } from '@app/warehouse/warehouse';
import { API_WAREHOUSE } from '../http/api-warehouse';
import { csvOf } from '../http/csv-of';
import { inputPipe } from '../http/input.pipe';
import { ApiProblem, Problem } from '../http/problem';
import { allTaggedUsers, taggedUsers } from './tagged-users';
import { Protected } from '../http/caller.guard';
import { userTags } from './user-tags';
import { HeldTag, PageQuery, TaggedUsersPage, TagPath, UserPath } from './user-tags.contract';

@Controller('api')
@UsePipes(inputPipe)
@ApiTags('Tags of users')
@ApiExtraModels(Problem, TaggedUsersPage)
export class UserTagsController {
  constructor(@Inject(API_WAREHOUSE) private readonly warehouse: Warehouse) {}

  @Get('users/:source_user_id/tags')
  @Protected('analyst')
  @ApiOperation({ summary: 'The tags of a user' })
  @ApiOkResponse({ type: [HeldTag] })
  @ApiProblem(404, 'No order of such a user is known')
  async tagsOfUser(@Param() { source_user_id }: UserPath): Promise<HeldTag[]> {
    const tags = await this.warehouse.read((client) => userTags(client, source_user_id));
    if (!tags) {
      throw new NotFoundException('no order of such a user is known');
    }
    return tags;
  }

  @Get('tags/:tag/users')
  @Protected('analyst')
  @ApiOperation({ summary: 'The users of a tag: a page, or with Accept: text/csv all of them' })
  @ApiOkResponse({
    description:
      'CSV has a line of names, source_user_id,user_id,order_cnt,since, and all users; limit and cursor are for pages',
    content: {
      'application/json': { schema: { $ref: getSchemaPath(TaggedUsersPage) } },
      'text/csv': { schema: { type: 'string' } },
    },
  })
  @ApiProblem(406, 'Neither JSON nor CSV is accepted')
  async usersOfTag(
    @Param() { tag }: TagPath,
    @Query() { limit, cursor }: PageQuery,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<TaggedUsersPage | StreamableFile> {
    response.vary('Accept');
    switch (request.accepts('application/json', 'text/csv')) {
      case 'application/json':
        return this.warehouse.read((client) => taggedUsers(client, tag, limit, cursor));
      case 'text/csv':
        return csvOf(allTaggedUsers(this.warehouse, tag), [
          'source_user_id',
          'user_id',
          'order_cnt',
          'since',
        ]);
      default:
        throw new NotAcceptableException('this route answers application/json or text/csv');
    }
  }
}
