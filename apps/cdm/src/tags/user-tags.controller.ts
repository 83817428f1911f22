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
import { formats, type Language } from '@app/spreadsheets/sheet';
import { latestLocalTime } from '@app/values/local-time';
import { Warehouse } from '@app/warehouse/warehouse';
import { CdmEnvironment } from '../environment/cdm.environment';
import { API_WAREHOUSE } from '../http/api-warehouse';
import { Protected } from '../http/caller.guard';
import { fileLanguage } from '../http/file-language';
import { inputPipe } from '../http/input.pipe';
import { ApiProblem, Problem } from '../http/problem';
import { Clock } from './clock';
import { allTaggedUsers, countTagged, taggedUsers } from './tagged-users';
import { csvForPeople, csvForTools, xlsxForPeople } from './user-file';
import { userTags } from './user-tags';
import {
  HeldTag,
  PageQuery,
  TaggedUsersPage,
  TagPath,
  UserPath,
  type TaggedUser,
} from './user-tags.contract';

@Controller('api')
@UsePipes(inputPipe)
@ApiTags('Tags of users')
@ApiExtraModels(Problem, TaggedUsersPage)
export class UserTagsController {
  constructor(
    @Inject(API_WAREHOUSE) private readonly warehouse: Warehouse,
    private readonly clock: Clock,
    private readonly environment: CdmEnvironment,
  ) {}

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
  @ApiOperation({ summary: 'The users of a tag: a page, or with Accept: text/csv or XLSX all of them' })
  @ApiOkResponse({
    description:
      'CSV and XLSX have all users; limit and cursor are for pages. CSV has a line of names, ' +
      'source_user_id,user_id,order_cnt,since. With a language (or Accept-Language: ru) it is for people: Excel opens ' +
      'it where Windows has that language, times are in the zone of the source, and the last matching order is there too. XLSX ' +
      'is for people, in English by default',
    content: {
      'application/json': { schema: { $ref: getSchemaPath(TaggedUsersPage) } },
      [formats.csv]: { schema: { type: 'string' } },
      [formats.xlsx]: { schema: { type: 'string', format: 'binary' } },
    },
  })
  @ApiProblem(406, 'Neither JSON nor CSV nor XLSX is accepted')
  async usersOfTag(
    @Param() { tag }: TagPath,
    @Query() { limit, cursor, search, language }: PageQuery,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<TaggedUsersPage | StreamableFile> {
    response.vary('Accept, Accept-Language');
    const now = latestLocalTime(this.clock.now(), this.environment.SOURCE_TIME_ZONE);
    const tagged = { tag, search, now };
    switch (request.accepts('application/json', formats.csv, formats.xlsx)) {
      case 'application/json':
        return this.warehouse.snapshot(async (client) => ({
          ...(await taggedUsers(client, tagged, limit, cursor)),
          count: await countTagged(client, tagged),
        }));
      case formats.csv:
        return this.csv(allTaggedUsers(this.warehouse, tagged), fileLanguage(request, language));
      case formats.xlsx:
        return xlsxForPeople(
          allTaggedUsers(this.warehouse, tagged),
          fileLanguage(request, language) ?? 'en',
          this.environment.SOURCE_TIME_ZONE,
        );
      default:
        throw new NotAcceptableException(`this route answers application/json, text/csv or ${formats.xlsx}`);
    }
  }

  private csv(users: AsyncGenerator<TaggedUser>, language?: Language): Promise<StreamableFile> {
    return language ? csvForPeople(users, language, this.environment.SOURCE_TIME_ZONE) : csvForTools(users);
  }
}
