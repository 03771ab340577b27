import { ApplicationConfig } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';

let engine: TestEngine;

beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

describe('a request', () => {
  it('passes no interceptor on its way, for one that does nothing costs as much as one that does', () => {
    const config = engine.app.get(ApplicationConfig);
    expect(config.getGlobalInterceptors()).toEqual([]);
    expect(config.getGlobalRequestInterceptors()).toEqual([]);
  });

  it('passes our own guard and no other', () => {
    const names = engine.app
      .get(ApplicationConfig)
      .getGlobalGuards()
      .map((guard) => guard.constructor.name);
    expect(names).toEqual(['AccessGuard']);
  });
});
