import { Injectable } from '@nestjs/common';

/** Tells the present; the windows of tag rules move with it. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }
}
