import type { UserDto } from '@aiops/contracts';
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { remove } from '../../../shared/api/client';
import { confirmAction } from '../../../shared/ui/confirm';
import { notifyDone, notifyError } from '../../../shared/ui/notify';

/** For who has lost the device and the recovery codes. */
export function ResetFactors({ person }: { person: UserDto }) {
  const reset = useMutation({
    mutationFn: () => remove(`/users/${person.id}/factors`),
    onSuccess: () =>
      notifyDone(`${person.username} signs in with the password alone until there is a new factor.`),
    onError: (error) => notifyError('Nothing was reset', error),
  });
  const ask = (): void =>
    confirmAction({
      title: `Reset the second factors of ${person.username}?`,
      text: 'Make sure that it is they who ask. Their passkeys, authenticator app and recovery codes are gone, and all of their sessions end.',
      verb: 'Reset second factors',
      onConfirm: () => reset.mutate(),
    });
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      color="gray"
      loading={reset.isPending}
      aria-label={`Reset the second factors of ${person.username}`}
      onClick={ask}
    >
      Reset factors
    </Button>
  );
}
