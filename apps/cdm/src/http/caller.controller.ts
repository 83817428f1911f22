import { Controller, Get } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { roles, type Role } from '@app/contracts/api-roles';
import { FromToken, Protected } from './caller.guard';
import { API_NAME, type Caller } from './callers';
import { Problem } from './problem';

export class CallerAnswer {
  @ApiProperty({ description: 'Name of the user; api for API_TOKEN' })
  name!: string;

  @ApiProperty({ enum: roles })
  role!: Role;
}

/** Says to a page whose token it has. */
@Controller('api')
@ApiTags('Users of the API')
@ApiExtraModels(Problem)
export class CallerController {
  @Get('caller')
  @Protected('viewer')
  @ApiOperation({ summary: 'Whose token this is, and what they may do' })
  @ApiOkResponse({ type: CallerAnswer })
  caller(@FromToken() { name = API_NAME, role }: Caller): CallerAnswer {
    return { name, role };
  }
}
