import { Injectable } from '@nestjs/common';
import { v7 } from 'uuid';

/** The time, where rules need one; tests put another in its place. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }
}

/** A new UUIDv7: sorts by the time it was made. */
export const newId = (): string => v7();
