import type { CredentialDto } from '@aiops/contracts';
import { PasswordInput, Textarea } from '@mantine/core';
import { fieldError } from '../../../shared/ui/form-error';

export interface SecretValues {
  secret: string;
  passphrase: string;
}
export const noSecret: SecretValues = { secret: '', passphrase: '' };

/** As the API takes it: an empty passphrase is none. */
export const secretBody = ({ secret, passphrase }: SecretValues): object => ({
  secret,
  passphrase: passphrase === '' ? undefined : passphrase,
});

/** The secret of a credential, by its kind. */
export function SecretFields({
  kind,
  label,
  values,
  change,
  error,
}: {
  kind: CredentialDto['kind'];
  label: string;
  values: SecretValues;
  change(values: SecretValues): void;
  error: unknown;
}) {
  const field = (name: keyof SecretValues) => ({
    value: values[name],
    error: fieldError(error, name),
    onChange: (event: { currentTarget: { value: string } }) =>
      change({ ...values, [name]: event.currentTarget.value }),
  });
  if (kind === 'password' || kind === 'token')
    return <PasswordInput label={label} required autoComplete="off" {...field('secret')} />;
  return (
    <>
      <Textarea
        label={label}
        required
        autosize
        minRows={4}
        maxRows={7}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
        spellCheck={false}
        {...field('secret')}
      />
      {kind === 'ssh_key' && (
        <PasswordInput label="Passphrase, if it has one" autoComplete="off" {...field('passphrase')} />
      )}
    </>
  );
}
