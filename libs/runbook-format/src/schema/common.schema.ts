import { z } from 'zod';
import { DURATION_HELP, DURATION_PATTERN, parseDuration } from '../rules/duration.js';

export const duration = z
  .string(DURATION_HELP)
  .regex(new RegExp(DURATION_PATTERN), DURATION_HELP)
  .refine(
    (text) => !new RegExp(DURATION_PATTERN).test(text) || parseDuration(text) !== null,
    'the longest duration is 366d',
  );

export const text = z.string('must be a text; put it in quotes');
export const nonEmptyText = text.min(1, 'must not be empty');
export const flag = z.boolean('must be true or false');
export const whole = (minimum: number, maximum: number): z.ZodNumber =>
  z
    .int('must be a whole number')
    .min(minimum, `must be ${minimum} or more`)
    .max(maximum, `must be ${maximum} or less`);

/** Names that templates use: letters, digits and underscores. */
export const identifier = text.regex(
  /^[A-Za-z_][A-Za-z0-9_]*$/,
  'must be letters, digits and underscores, and not begin with a digit',
);

export const labelValues = z.record(nonEmptyText, text, 'must be pairs of a name and a text');

export const scalar = z.union(
  [z.string(), z.number(), z.boolean()],
  'must be a text, a number, true or false',
);
