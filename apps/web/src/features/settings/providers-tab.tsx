import type { AnalysisHop, LlmProviderDto, LlmProviderKind } from '@aiops/contracts';
import { NumberInput, PasswordInput, Select, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useMay } from '../../shared/api/session';
import { fieldError } from '../../shared/ui/form-error';
import { Resource } from './resource';
import { SaveForm, useSave } from './save-form';
import { RevealSecret } from './secrets/reveal-secret';
import { TestButton } from './test-button';

const kinds: { value: LlmProviderKind; label: string }[] = [
  { value: 'anthropic', label: 'Anthropic' },
  { value: 'openai', label: 'OpenAI' },
  { value: 'google', label: 'Google' },
  { value: 'ollama', label: 'Ollama' },
  { value: 'openai_compatible', label: 'OpenAI-compatible (vLLM, LM Studio …)' },
];

export function ProvidersTab() {
  const admin = useMay('admin');
  return (
    <Resource<LlmProviderDto>
      path="/llm-providers"
      noun="provider"
      intro="Asked for analyses one after the other, lowest number first. The last in line is always the engine’s own records, which need no provider."
      empty="Analyses come from the engine’s own records until you add one. A model may recommend a runbook; it never starts one."
      mayChange={admin}
      columns={[
        {
          title: 'Kind',
          cell: (provider) => kinds.find((kind) => kind.value === provider.kind)?.label ?? provider.kind,
        },
        { title: 'Model', cell: (provider) => provider.model },
        { title: 'Order', cell: (provider) => provider.priority },
        { title: 'Key', cell: (provider) => provider.api_key ?? '—' },
        {
          title: 'State',
          cell: (provider) =>
            !provider.enabled ? 'off' : provider.breaker === 'closed' ? 'on' : 'paused after failures',
        },
      ]}
      actions={(provider) =>
        admin && (
          <>
            <TestButton<AnalysisHop>
              path={`/llm-providers/${provider.id}/test`}
              tell={(hop) => ({
                ok: hop.outcome === 'ok',
                text:
                  hop.outcome === 'ok'
                    ? `${provider.name} answered in ${hop.duration_ms} ms.`
                    : (hop.detail ?? hop.outcome),
              })}
            />
            {provider.api_key !== null && (
              <RevealSecret path={`/llm-providers/${provider.id}`} name={provider.name} />
            )}
          </>
        )
      }
      form={(provider, done) => <ProviderForm provider={provider} done={done} />}
      deleteText={() => 'Its key is erased. Past analyses stay.'}
    />
  );
}

function ProviderForm({ provider, done }: { provider: LlmProviderDto | null; done(): void }) {
  const [name, setName] = useState(provider?.name ?? '');
  const [kind, setKind] = useState<LlmProviderKind>(provider?.kind ?? 'anthropic');
  const [model, setModel] = useState(provider?.model ?? '');
  const [url, setUrl] = useState(provider?.base_url ?? '');
  const [key, setKey] = useState('');
  const [priority, setPriority] = useState(provider?.priority ?? 100);
  const [seconds, setSeconds] = useState((provider?.timeout_ms ?? 30_000) / 1000);
  const [enabled, setEnabled] = useState(provider?.enabled ?? true);
  const save = useSave('/llm-providers', provider?.id ?? null, 'PUT', done);
  const body = (): object => ({
    name,
    kind,
    model,
    base_url: url === '' ? null : url,
    api_key: key === '' ? undefined : key,
    priority,
    enabled,
    timeout_ms: Math.round(seconds * 1000),
  });
  return (
    <SaveForm save={save} body={body} shown={['name', 'model', 'base_url', 'api_key']}>
      <TextInput
        label="Name"
        required
        value={name}
        error={fieldError(save.error, 'name')}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Select
        label="Kind"
        allowDeselect={false}
        data={kinds}
        value={kind}
        onChange={(value) => setKind(kinds.find((entry) => entry.value === value)?.value ?? 'anthropic')}
      />
      <TextInput
        label="Model"
        required
        value={model}
        error={fieldError(save.error, 'model')}
        onChange={(event) => setModel(event.currentTarget.value)}
      />
      <TextInput
        label="Address"
        description="Empty: the provider’s own"
        required={kind === 'openai_compatible'}
        value={url}
        error={fieldError(save.error, 'base_url')}
        onChange={(event) => setUrl(event.currentTarget.value)}
      />
      <PasswordInput
        label="API key"
        description={
          provider?.api_key === undefined || provider.api_key === null
            ? 'Not shown again'
            : `Empty: ${provider.api_key} stays`
        }
        autoComplete="off"
        value={key}
        error={fieldError(save.error, 'api_key')}
        onChange={(event) => setKey(event.currentTarget.value)}
      />
      <NumberInput
        label="Order"
        description="Lower numbers are asked first"
        min={0}
        max={1000}
        value={priority}
        onChange={(value) => setPriority(Number(value))}
      />
      <NumberInput
        label="Give up after, in seconds"
        min={1}
        max={600}
        value={seconds}
        onChange={(value) => setSeconds(Number(value))}
      />
      <Switch label="On" checked={enabled} onChange={(event) => setEnabled(event.currentTarget.checked)} />
    </SaveForm>
  );
}
