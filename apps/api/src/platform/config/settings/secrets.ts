import { z } from 'zod';
import { milliseconds, secretPaths, settingDocs } from '../setting.js';

export const secretsSettings = {
  SECRETS_BACKEND: z.enum(['env', 'vault', 'aws']).default('env').register(settingDocs, {
    section: 'Secrets backends',
    about: 'Where references lead besides `env:`: to Vault (`vault:`) or to AWS Secrets Manager (`aws:`).',
  }),
  SECRETS_CACHE_TTL_MS: milliseconds(5 * 60_000).register(settingDocs, {
    section: 'Secrets backends',
    about: 'How long a fetched secret is used before it is fetched anew.',
    unit: 'ms',
  }),
  SECRETS_STALE_MS: milliseconds(3_600_000).register(settingDocs, {
    section: 'Secrets backends',
    about: 'How much longer it is used while the backend is away; `0` for not at all.',
    unit: 'ms',
  }),
  SECRETS_TIMEOUT_MS: milliseconds(5000, 100).register(settingDocs, {
    section: 'Secrets backends',
    about: 'How long one call of the backend may take.',
    unit: 'ms',
  }),
  CREDENTIAL_SECRET_PATHS: secretPaths.register(settingDocs, {
    section: 'Secrets backends',
    about:
      'What credentials, which engineers write, may refer to. An entry that ends in `*` gives everything free that begins like it. Keep the engine’s own secrets out of it.',
    form: 'comma list such as `vault:secret/data/hosts/*, env:HOST_PASSWORD`',
    otherwise: 'nothing',
  }),
  VAULT_ADDR: z
    .url({ protocol: /^https?$/ })
    .optional()
    .register(settingDocs, {
      section: 'Secrets backends',
      about: 'Address of Vault or OpenBao. Production refuses `http:` unless it is on this very machine.',
      otherwise: 'required for `vault`',
    }),
  VAULT_NAMESPACE: z.string().optional().register(settingDocs, {
    section: 'Secrets backends',
    about: 'Namespace of Vault Enterprise.',
  }),
  VAULT_CACERT: z.string().optional().register(settingDocs, {
    section: 'Secrets backends',
    about: 'PEM file with the authorities that may have signed Vault’s certificate.',
    form: 'path of a file',
    otherwise: 'those that Node.js trusts',
  }),
  VAULT_AUTH: z.enum(['token', 'kubernetes']).default('token').register(settingDocs, {
    section: 'Secrets backends',
    about: 'How the engine logs in to Vault.',
  }),
  VAULT_TOKEN: z.string().optional().register(settingDocs, {
    section: 'Secrets backends',
    about: 'Token for `VAULT_AUTH=token`. The engine does not renew it.',
    secret: 'no reference',
  }),
  VAULT_TOKEN_FILE: z.string().optional().register(settingDocs, {
    section: 'Secrets backends',
    about:
      'The same in a file, such as a Vault Agent keeps; it is read anew when Vault does not take the token any more.',
    form: 'path of a file',
  }),
  VAULT_KUBERNETES_ROLE: z.string().optional().register(settingDocs, {
    section: 'Secrets backends',
    about: 'Role of the Kubernetes auth method.',
    otherwise: 'required for `kubernetes`',
  }),
  VAULT_KUBERNETES_MOUNT: z
    .string()
    .regex(/^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/, 'must be the path of an auth method, such as kubernetes')
    .default('kubernetes')
    .register(settingDocs, {
      section: 'Secrets backends',
      about: 'Path under `auth/` where the Kubernetes auth method is mounted.',
    }),
  VAULT_KUBERNETES_TOKEN_FILE: z
    .string()
    .default('/var/run/secrets/kubernetes.io/serviceaccount/token')
    .register(settingDocs, {
      section: 'Secrets backends',
      about: 'Token of the service account; it is read anew for every login.',
      form: 'path of a file',
    }),
  AWS_REGION: z.string().optional().register(settingDocs, {
    section: 'Secrets backends',
    about:
      'Region of AWS Secrets Manager. Who the engine is comes from the usual chain of the AWS SDK: environment, shared files, web identity, container, instance.',
    otherwise: 'required for `aws`',
  }),
  AWS_ENDPOINT_URL_SECRETS_MANAGER: z
    .url({ protocol: /^https?$/ })
    .optional()
    .register(settingDocs, {
      section: 'Secrets backends',
      about:
        'Another endpoint, such as a VPC’s. Production refuses `http:` unless it is on this very machine.',
      otherwise: 'that of the region',
    }),
};
