import { Modal } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { Loading } from '../ui/states';
import type { RunFormProps } from './run-form';

// With the runbook format it is large, and few who look at a page run something from it.
const RunForm = lazy(() => import('./run-form').then((module) => ({ default: module.RunForm })));

export function RunRunbookDialog({ opened, ...form }: RunFormProps & { opened: boolean }) {
  return (
    <Modal opened={opened} onClose={form.close} title="Run a runbook" size="lg">
      {opened && (
        <Suspense fallback={<Loading what="the form" />}>
          <RunForm {...form} />
        </Suspense>
      )}
    </Modal>
  );
}
