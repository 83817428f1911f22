import { Injectable } from '@nestjs/common';
import { settableTime } from '@app/failpoints/settable-time';

/** Says what the present is; the windows of tag rules move with it. */
@Injectable()
export class Clock {
  now(): Date {
    return FAILPOINTS ? settableTime() : new Date();
  }
}
