import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the server treats the next requests. */
export type LlmBehaviour =
  | { kind: 'answer'; value: unknown }
  | { kind: 'text'; text: string }
  | { kind: 'status'; status: number }
  /** Accepts the request and never answers. */
  | { kind: 'silent' }
  /** Sends half an answer and then nothing more. */
  | { kind: 'stall' }
  /** Sends half an answer and cuts the connection. */
  | { kind: 'cut' }
  /** Answers 200 with something that is not the provider's format. */
  | { kind: 'garbage' };

/** A request as the server saw it. */
export interface LlmRequest {
  path: string;
  headers: IncomingMessage['headers'];
  body: Record<string, unknown>;
}

/** A model provider over real HTTP, in the wire formats of Anthropic, OpenAI (Responses) and Chat Completions. */
export interface LlmServer {
  url: string;
  requests: LlmRequest[];
  behave(behaviour: LlmBehaviour): void;
  stop(): Promise<void>;
}

/** Starts a provider on a free loopback port; it answers `value` as structured output until told otherwise. */
export async function startLlmServer(value: unknown = {}): Promise<LlmServer> {
  let behaviour: LlmBehaviour = { kind: 'answer', value };
  const requests: LlmRequest[] = [];
  const server = createServer((request, response) => {
    readBody(request)
      .then((text) => {
        const body = JSON.parse(text === '' ? '{}' : text) as Record<string, unknown>;
        const path = request.url ?? '';
        requests.push({ path, headers: request.headers, body });
        respond(response, behaviour, path, body);
      })
      .catch((error: unknown) => response.writeHead(400).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    behave: (next) => {
      behaviour = next;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function respond(
  response: ServerResponse,
  behaviour: LlmBehaviour,
  path: string,
  body: Record<string, unknown>,
): void {
  if (behaviour.kind === 'silent') return;
  if (behaviour.kind === 'status') {
    response.writeHead(behaviour.status, { 'content-type': 'application/json', 'retry-after': '1' });
    response.end(JSON.stringify(errorBody(path, behaviour.status)));
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  if (behaviour.kind === 'garbage') {
    response.end('<html>welcome to the captive portal</html>');
    return;
  }
  const text =
    behaviour.kind === 'text'
      ? behaviour.text
      : JSON.stringify(behaviour.kind === 'answer' ? behaviour.value : {});
  const whole = JSON.stringify(envelope(path, text, body));
  if (behaviour.kind === 'stall' || behaviour.kind === 'cut') {
    response.write(whole.slice(0, Math.floor(whole.length / 2)), () => {
      if (behaviour.kind === 'cut') response.destroy();
    });
    return;
  }
  response.end(whole);
}

/** https://docs.anthropic.com/en/api/errors and https://platform.openai.com/docs/guides/error-codes */
function errorBody(path: string, status: number): object {
  const message = `status ${status}`;
  return path.endsWith('/messages')
    ? { type: 'error', error: { type: status === 429 ? 'rate_limit_error' : 'api_error', message } }
    : {
        error: {
          message,
          type: status === 429 ? 'rate_limit_exceeded' : 'server_error',
          code: null,
          param: null,
        },
      };
}

function envelope(path: string, text: string, body: Record<string, unknown>): object {
  const model = body['model'] ?? 'model';
  if (path.endsWith('/messages')) return anthropicMessage(model, text, body);
  if (path.endsWith('/responses')) return openAiResponse(model, text);
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_760_000_000,
    model,
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 },
  };
}

/** https://docs.anthropic.com/en/api/messages: a forced tool is answered with a call of that tool. */
function anthropicMessage(model: unknown, text: string, body: Record<string, unknown>): object {
  const tools = body['tools'];
  const tool: unknown = Array.isArray(tools) ? tools[0] : undefined;
  const name = typeof tool === 'object' && tool !== null && 'name' in tool ? tool.name : undefined;
  const content =
    name === undefined
      ? [{ type: 'text', text }]
      : [{ type: 'tool_use', id: 'toolu_1', name, input: JSON.parse(text) as unknown }];
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model,
    content,
    stop_reason: name === undefined ? 'end_turn' : 'tool_use',
    stop_sequence: null,
    usage: { input_tokens: 10, output_tokens: 10 },
  };
}

/** https://platform.openai.com/docs/api-reference/responses/object */
function openAiResponse(model: unknown, text: string): object {
  return {
    id: 'resp_1',
    object: 'response',
    created_at: 1_760_000_000,
    status: 'completed',
    error: null,
    incomplete_details: null,
    model,
    output: [
      {
        type: 'message',
        id: 'msg_1',
        status: 'completed',
        role: 'assistant',
        content: [{ type: 'output_text', text, annotations: [], logprobs: [] }],
      },
    ],
    usage: {
      input_tokens: 10,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: 10,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 20,
    },
  };
}
