import { BadRequestException, ImATeapotException, InternalServerErrorException } from '@nestjs/common';
import fc from 'fast-check';
import { QueryFailedError } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { problemSchema } from '@aiops/contracts';
import { OperationalError, UnexpectedError, UserError, userErrorCodes } from '../errors/errors.js';
import { describeError } from './problem.js';

const describeIt = (error: unknown) => describeError(error, '/api/v1/things', 'trace-1');

describe('describeError', () => {
  it('gives each of the caller’s faults a status, a type and their own words', () => {
    const seen = userErrorCodes.map((code) => {
      const { problem, level } = describeIt(new UserError(code, 'Do it otherwise.'));
      expect(problemSchema.parse(problem)).toEqual(problem);
      expect({ level, detail: problem.detail, trace: problem.trace_id }).toEqual({
        level: 'info',
        detail: 'Do it otherwise.',
        trace: 'trace-1',
      });
      return `${problem.status} ${problem.type}`;
    });
    expect(seen).toEqual([
      '400 /api/docs/errors#validation',
      '401 /api/docs/errors#unauthenticated',
      '403 /api/docs/errors#forbidden',
      '403 /api/docs/errors#second-factor-required',
      '403 /api/docs/errors#confirmation-required',
      '404 /api/docs/errors#not-found',
      '409 /api/docs/errors#conflict',
      '413 /api/docs/errors#payload-too-large',
      '422 /api/docs/errors#unprocessable',
      '429 /api/docs/errors#rate-limited',
    ]);
  });

  it('names the wrong fields', () => {
    const { problem } = describeIt(UserError.invalid('sort', 'cannot be that'));
    expect(problem.errors).toEqual([{ field: 'sort', message: 'cannot be that' }]);
  });

  it('asks to come back when the surroundings fail', () => {
    const described = describeIt(new OperationalError('The host is away.', { retryAfterSeconds: 7 }));
    expect(described).toMatchObject({
      level: 'warn',
      retryAfterSeconds: 7,
      problem: { status: 503, detail: 'The host is away.' },
    });
  });

  it('lets nothing of an unknown error out, whatever it is and whatever status it carries', () => {
    const secret = 'SELECT password FROM users';
    const carriers = [
      (text: string) => new Error(text),
      (text: string) => new UnexpectedError(text),
      (text: string) => Object.assign(new Error(text), { statusCode: 404 }),
      (text: string) =>
        Object.assign(new Error(text), { statusCode: 401, code: 'ERR_PROVIDER', getStatus: () => 401 }),
      (text: string) => ({ statusCode: 400, message: text }),
      (text: string) => text,
      (text: string) =>
        new QueryFailedError('SELECT 1', [], Object.assign(new Error(text), { code: '42P01' })),
      (text: string) => new InternalServerErrorException(text),
    ];
    fc.assert(
      fc.property(fc.constantFrom(...carriers), fc.string(), (carrier, noise) => {
        const { problem, level } = describeIt(carrier(`${secret}${noise}`));
        expect(problem.status).toBe(500);
        expect(level).toBe('error');
        expect(JSON.stringify(problem)).not.toContain(secret);
      }),
    );
  });

  it('keeps the status of what the framework refuses', () => {
    expect(describeIt(new BadRequestException('Unexpected token')).problem).toMatchObject({
      status: 400,
      type: '/api/docs/errors#validation',
      detail: 'Unexpected token',
    });
    expect(describeIt(new ImATeapotException()).problem).toMatchObject({
      status: 418,
      type: '/api/docs/errors#bad-request',
    });
    const tooLarge = Object.assign(new Error('Request body is too large'), {
      code: 'FST_ERR_CTP_BODY_TOO_LARGE',
      statusCode: 413,
    });
    expect(describeIt(tooLarge).problem).toMatchObject({
      status: 413,
      type: '/api/docs/errors#payload-too-large',
    });
  });

  it.each([
    ['23505', 409],
    ['22021', 400],
    ['22P05', 400],
    ['40P01', 503],
    ['57014', 503],
    ['57P03', 503],
    ['08006', 503],
    ['ECONNREFUSED', 503],
  ])('turns the database’s %s into %i without its words', (code, status) => {
    const failure = new QueryFailedError(
      'INSERT',
      [],
      Object.assign(new Error('key (name)=(secret)'), { code }),
    );
    const { problem } = describeIt(failure);
    expect(problem.status).toBe(status);
    expect(JSON.stringify(problem)).not.toMatch(/secret|INSERT/);
  });
});
