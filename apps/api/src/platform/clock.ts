import { Injectable } from '@nestjs/common';
import { v7 } from 'uuid';
import { randomBytesFromPool } from './random-pool.js';

/** The time, where rules need one; tests put another in its place. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }
}

let lastMs = 0;
let sequence = 0;

/** A new UUIDv7: sorts by the time it was made, within one process also those of the same millisecond. */
export function newId(): string {
  const random = randomBytesFromPool(16);
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    // 31 of its 32 bits are random, so that counting up does not overflow soon.
    sequence = random.readUInt32BE(6) >>> 1;
  } else {
    sequence = (sequence + 1) >>> 0;
    if (sequence === 0) lastMs += 1;
  }
  return v7({ random, msecs: lastMs, seq: sequence });
}
