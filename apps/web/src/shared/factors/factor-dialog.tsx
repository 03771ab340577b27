import type { FactorsDto } from '@aiops/contracts';
import { Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { setSecondFactorDue } from '../api/second-factor-due';
import { ErrorState, Loading } from '../ui/states';
import { ConfirmItIsYou } from './confirm-it-is-you';
import { makeCodes, myFactors } from './queries';
import { RecoveryCodes } from './recovery-codes';
import { SetUpApp } from './set-up-app';
import { SetUpPasskey } from './set-up-passkey';

/** What somebody is about to set up. */
export type Setup = 'app' | 'passkey' | 'codes';

const titles: Record<Setup, string> = {
  app: 'Set up an authenticator app',
  passkey: 'Make a passkey',
  codes: 'New recovery codes',
};

/** Confirms who one is where that is due, sets something up, and shows recovery codes where there are new ones. */
export function FactorDialog({
  setup,
  factors,
  close,
}: {
  setup: Setup;
  factors: FactorsDto;
  close(): void;
}) {
  const [confirmed, setConfirmed] = useState(factors.recently_confirmed);
  const [codes, setCodes] = useState<string[] | null>(null);
  const queries = useQueryClient();
  const finish = (): void => {
    setSecondFactorDue(false);
    void queries.invalidateQueries({ queryKey: myFactors.queryKey });
    close();
  };
  const done = (made: string[] | null): void => (made === null ? finish() : setCodes(made));
  // Codes that nobody has seen yet must not go with a key too many.
  const leave = codes === null ? close : () => undefined;
  return (
    <Modal
      opened
      onClose={leave}
      withCloseButton={codes === null}
      title={codes === null ? titles[setup] : 'Recovery codes'}
      centered
    >
      {codes !== null && <RecoveryCodes codes={codes} done={finish} />}
      {codes === null && !confirmed && <ConfirmItIsYou done={() => setConfirmed(true)} />}
      {codes === null && confirmed && setup === 'app' && <SetUpApp done={done} />}
      {codes === null && confirmed && setup === 'passkey' && <SetUpPasskey done={done} />}
      {codes === null && confirmed && setup === 'codes' && <MakeCodes done={done} />}
    </Modal>
  );
}

function MakeCodes({ done }: { done(codes: string[]): void }) {
  const make = useMutation({ mutationFn: makeCodes, onSuccess: ({ recovery_codes: codes }) => done(codes) });
  const { mutate } = make;
  useEffect(() => mutate(), [mutate]);
  if (make.isError) return <ErrorState what="New codes" error={make.error} retry={() => mutate()} />;
  return <Loading what="new codes" />;
}
