import { z } from 'zod';
import { BACKOFFS, FAILURE_ACTIONS, HTTP_METHODS } from '../model/runbook.js';
import { duration, flag, identifier, nonEmptyText, text, whole } from './common.schema.js';

const exitCode = whole(0, 255);
const status = whole(100, 599);

const retries = z
  .strictObject({
    attempts: whole(1, 100).describe('How often the step is tried in all, the first time included.'),
    delay: duration.optional().describe('Wait before the next try. Default 1s.'),
    backoff: z
      .enum(BACKOFFS)
      .optional()
      .describe('fixed (default): the same delay each time. exponential: it doubles, up to 5 minutes.'),
  })
  .describe('Try again when the step fails.');

const expectedOutput = z
  .union(
    [
      text.describe('The whole output, white space at both ends aside.'),
      z.strictObject({
        matches: nonEmptyText.describe('Regular expression (RE2) that matches somewhere in the output.'),
      }),
      z.strictObject({
        json: z.json().describe('The output is JSON and has at least these members with these values.'),
      }),
    ],
    'must be a text in quotes, { matches: "regex" } or { json: … }',
  )
  .describe('What the command must print on its standard output.');

const command = z
  .union(
    [
      nonEmptyText,
      z.strictObject({
        posix: nonEmptyText.optional().describe('For targets with a POSIX shell.'),
        powershell: nonEmptyText.optional().describe('For targets with PowerShell.'),
      }),
    ],
    'must be a text, or { posix: "…", powershell: "…" }',
  )
  .describe(
    "Command line for the target's shell. Every {{ … }} in it is quoted for the place where it stands.",
  );

const http = z
  .strictObject({
    method: z.enum(HTTP_METHODS).optional().describe('Default GET.'),
    url: nonEmptyText.describe('Begins with http:// or https://. Values in it are percent-encoded.'),
    headers: z
      .record(nonEmptyText.regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'is no header name'), text)
      .optional()
      .describe('Request headers.'),
    json: z
      .json()
      .optional()
      .describe('JSON body. A string that is one {{ … }} and nothing else keeps the type of its value.'),
    body: text.optional().describe('Body as text, instead of json.'),
    expect: z
      .strictObject({
        status: z
          .union(
            [status, z.array(status).min(1, 'must have an entry')],
            'must be a status code or a list of them',
          )
          .optional()
          .describe('Accepted status codes. Default: any from 200 to 299.'),
        json: z
          .json()
          .optional()
          .describe('The answer is JSON and has at least these members with these values.'),
        matches: nonEmptyText
          .optional()
          .describe('Regular expression (RE2) that matches somewhere in the answer.'),
      })
      .optional()
      .describe('What the answer must be like.'),
  })
  .describe('An HTTP request instead of a command.');

export const stepSchema = z
  .strictObject({
    name: nonEmptyText
      .max(200, 'has at most 200 characters')
      .describe('What the step does; unique within the runbook.'),
    command: command.optional(),
    http: http.optional(),
    when: nonEmptyText
      .optional()
      .describe(
        'Condition without braces, such as: parameters.grace > 0. The step is skipped when it does not hold.',
      ),
    on_failure: z
      .enum(FAILURE_ACTIONS)
      .optional()
      .describe('stop (default), continue with the next step, or roll back.'),
    approval_required: flag.optional().describe('The execution waits here for a person. Default false.'),
    timeout: duration.optional().describe('Longest time for one try. Default 60s.'),
    retries: retries.optional(),
    idempotent: flag
      .optional()
      .describe('May be run again after an interruption. Default: safety.idempotent.'),
    register: identifier
      .optional()
      .describe(
        'Name for the result: steps.<name>.stdout, .stderr, .exit_code, .json; with http .status instead of .exit_code.',
      ),
    expected_output: expectedOutput.optional(),
    expected_exit_code: z
      .union(
        [exitCode, z.array(exitCode).min(1, 'must have an entry')],
        'must be an exit code from 0 to 255 or a list of them',
      )
      .optional()
      .describe('Exit codes that count as success. Default 0.'),
  })
  .meta({ id: 'step', oneOf: [{ required: ['command'] }, { required: ['http'] }] });

export const verificationSchema = z.union(
  [
    stepSchema,
    z.strictObject({
      alert_resolved_within: duration.describe(
        'The alert that started the execution must be resolved within this time.',
      ),
    }),
  ],
  'must be a step or alert_resolved_within',
);

export type StepInput = z.input<typeof stepSchema>;
export type VerificationInput = z.input<typeof verificationSchema>;
