import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { post } from '../../shared/api/client';
import { notifyDone, notifyError } from '../../shared/ui/notify';

/** Tries a thing for real and says how it went. */
export function TestButton<R>({
  path,
  tell,
}: {
  path: string;
  tell(result: R): { ok: boolean; text: string };
}) {
  const test = useMutation({
    mutationFn: () => post<R>(path),
    onSuccess: (result) => {
      const { ok, text } = tell(result);
      if (ok) notifyDone(text);
      else notifyError('The test failed', new Error(text));
    },
    onError: (error) => notifyError('The test could not be made', error),
  });
  return (
    <Button size="compact-sm" variant="default" loading={test.isPending} onClick={() => test.mutate()}>
      Test
    </Button>
  );
}
