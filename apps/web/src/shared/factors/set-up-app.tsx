import { Button, Code, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { fieldError, FormError } from '../ui/form-error';
import { ErrorState, Loading } from '../ui/states';
import { QrCode } from './qr-code';
import { confirmTotp, makeTotpSecret } from './queries';

/** Sets up an authenticator app. `done` gets recovery codes when they are the first. */
export function SetUpApp({ done }: { done(codes: string[] | null): void }) {
  const [code, setCode] = useState('');
  // Made once for each time that this is opened, and shown nowhere else.
  const secret = useQuery({
    queryKey: ['auth', 'factors', 'totp', 'secret'],
    queryFn: makeTotpSecret,
    staleTime: Infinity,
    gcTime: 0,
  });
  const confirm = useMutation({
    mutationFn: () => confirmTotp(code),
    onSuccess: ({ recovery_codes: codes }) => done(codes),
  });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    confirm.mutate();
  };
  if (secret.error !== null)
    return <ErrorState what="A secret" error={secret.error} retry={() => void secret.refetch()} />;
  if (secret.data === undefined) return <Loading what="a secret for the app" />;
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">Open an authenticator app on your phone, and let it read this:</Text>
        <QrCode text={secret.data.uri} label="QR code for an authenticator app" />
        <Text size="sm">
          Or type this into it:{' '}
          <Code style={{ overflowWrap: 'anywhere' }}>{grouped(secret.data.secret)}</Code>
        </Text>
        <TextInput
          label="The code that it shows now"
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          maxLength={10}
          value={code}
          error={fieldError(confirm.error, 'code')}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <FormError error={confirm.error} shown={['code']} title="Not set up" />
        <Group justify="flex-end">
          <Button type="submit" loading={confirm.isPending}>
            Set up
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const grouped = (secret: string): string => secret.replaceAll(/(.{4})(?=.)/g, '$1 ');
