import { z } from 'zod';
import { integer, list, milliseconds, settingDocs } from '../setting.js';

const section = 'Tracing';
const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/** `key=value` pairs parted by commas; the values percent-encoded, as in W3C Baggage. */
const pairs = list.transform((parts, context) => {
  const read = parts.map(readPair);
  if (read.includes(null)) {
    context.addIssue({
      code: 'custom',
      message: 'must be key=value pairs parted by commas, values percent-encoded',
    });
    return z.NEVER;
  }
  return Object.fromEntries(read.filter((pair) => pair !== null));
});

function readPair(part: string): [string, string] | null {
  const sign = part.indexOf('=');
  if (sign < 1) return null;
  try {
    return [part.slice(0, sign).trim(), decodeURIComponent(part.slice(sign + 1).trim())];
  } catch {
    return null;
  }
}

/** The standard variables of OpenTelemetry (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/). */
export const tracingSettings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .register(settingDocs, {
      section,
      about:
        'Address of an OpenTelemetry collector that takes OTLP over HTTP; `/v1/traces` is put behind it. This switches tracing on.',
      otherwise: 'no traces are exported',
    }),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .register(settingDocs, {
      section,
      about: 'The same for traces alone, taken as it stands.',
      otherwise: 'made from `OTEL_EXPORTER_OTLP_ENDPOINT`',
    }),
  OTEL_EXPORTER_OTLP_HEADERS: pairs.register(settingDocs, {
    section,
    about: 'Headers for the collector, such as its token.',
    form: '`key=value` pairs parted by commas, values percent-encoded',
    otherwise: 'none',
    secret: 'one',
  }),
  OTEL_EXPORTER_OTLP_PROTOCOL: z
    .enum(['http/json', 'http/protobuf'])
    .default('http/json')
    .register(settingDocs, {
      section,
      about:
        'How spans are written. Collectors take both on the same port, usually 4318; gRPC (4317) is not spoken.',
    }),
  OTEL_EXPORTER_OTLP_COMPRESSION: z.enum(['none', 'gzip']).default('none').register(settingDocs, {
    section,
    about: 'Whether what is sent is compressed.',
  }),
  OTEL_EXPORTER_OTLP_TIMEOUT: milliseconds(10_000, 1).register(settingDocs, {
    section,
    about: 'How long the sending of one batch may take, with all its attempts.',
    unit: 'ms',
  }),
  OTEL_SERVICE_NAME: z.string().optional().register(settingDocs, {
    section,
    about: 'Name of the service in traces.',
    otherwise: '`service.name` of `OTEL_RESOURCE_ATTRIBUTES`, or `aiops`',
  }),
  OTEL_RESOURCE_ATTRIBUTES: pairs.register(settingDocs, {
    section,
    about: 'What else every span says about where it comes from, such as `service.namespace=ops`.',
    form: '`key=value` pairs parted by commas, values percent-encoded',
    otherwise: 'none',
  }),
  OTEL_TRACES_SAMPLER: z.enum(samplers).default('parentbased_always_on').register(settingDocs, {
    section,
    about:
      'Which traces are recorded. The `parentbased` ones go by what the caller’s `traceparent` says, and decide by themselves where there is none.',
  }),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1).register(settingDocs, {
    section,
    about: 'Share of the traces that a `traceidratio` sampler records.',
  }),
  OTEL_BSP_SCHEDULE_DELAY: milliseconds(5000).register(settingDocs, {
    section,
    about: 'How long spans are gathered before they are sent.',
    unit: 'ms',
  }),
  OTEL_BSP_MAX_QUEUE_SIZE: integer(2048, 1).register(settingDocs, {
    section,
    about:
      'How many ended spans are held at most, while the collector is slow or away. What comes then is dropped and counted on `/metrics`.',
  }),
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: integer(512, 1).register(settingDocs, {
    section,
    about: 'How many spans are sent together at most.',
  }),
  OTEL_SDK_DISABLED: z.stringbool().default(false).register(settingDocs, {
    section,
    about: '`true` switches tracing off, whatever else is set.',
    form: '`true`, `false`',
  }),
  TRACE_PROPAGATION_HOSTS: list.register(settingDocs, {
    section,
    about:
      'Further hosts that are told the trace of a request to them (`traceparent`), by name; `*.example.com` stands for all below a name, `*` for every host.',
    form: 'comma list of host names',
    otherwise: 'only private addresses and names of one’s own network',
  }),
};
