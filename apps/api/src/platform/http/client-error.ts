import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { problemUri } from './problem-types.js';
import { newTraceId } from '../observability/trace-context.js';

const statuses: Record<string, { status: number; detail: string }> = {
  HPE_HEADER_OVERFLOW: { status: 431, detail: 'The address and the headers together are longer than 16 kB.' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, detail: 'The request did not arrive whole in time.' },
};
const unreadable = { status: 400, detail: 'This is not HTTP as it is spoken here.' };

/** Answers what Node.js itself refuses before there is a request, with a problem, and closes the connection. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, detail } = statuses[error.code ?? ''] ?? unreadable;
  const title = STATUS_CODES[status] ?? 'Bad Request';
  const traceId = newTraceId();
  const body = JSON.stringify({
    type: problemUri('bad_request'),
    title,
    status,
    detail,
    trace_id: traceId,
  });
  socket.end(
    [
      `HTTP/1.1 ${status} ${title}`,
      'Content-Type: application/problem+json',
      `X-Trace-ID: ${traceId}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
