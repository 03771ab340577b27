import { useCallback, useEffect, useRef, useState } from 'react';
import { useLive, useLiveState } from '../../shared/live/live';
import { addChunks, emptyOutput, hasGap, type OutputState } from './output-buffer';
import { readOutput } from './queries';

/** The output of one execution: read from where it was left, then followed live; gaps are read again. */
export function useOutput(id: string): { output: OutputState; error: unknown; loaded: boolean } {
  const { socket, state } = useLiveState();
  const [output, setOutput] = useState(emptyOutput);
  const [error, setError] = useState<unknown>(null);
  const [loaded, setLoaded] = useState(false);
  const latest = useRef(emptyOutput);
  const reading = useRef(false);

  const take = useCallback((add: (before: OutputState) => OutputState): void => {
    latest.current = add(latest.current);
    setOutput(latest.current);
  }, []);

  const read = useCallback(async (): Promise<void> => {
    if (reading.current) return;
    reading.current = true;
    try {
      for (let more = true; more;) {
        const page = await readOutput(id, latest.current.next);
        take((before) => addChunks(before, page.chunks));
        more = page.has_more && page.chunks.length > 0;
      }
      setError(null);
    } catch (failure) {
      setError(failure);
    } finally {
      reading.current = false;
      setLoaded(true);
    }
  }, [id, take]);

  useEffect(() => {
    latest.current = emptyOutput;
    void read();
  }, [read]);

  // Follow first, then read: whatever comes in between is known from both and taken once.
  useEffect(() => {
    if (socket === null || state !== 'live') return;
    socket.emit('execution.follow', { execution_id: id }, () => void read());
    return () => {
      socket.emit('execution.unfollow', { execution_id: id }, () => undefined);
    };
  }, [socket, state, id, read]);

  useLive('execution.output', (message) => {
    if (message.execution_id !== id) return;
    if (hasGap(latest.current, message.chunks)) void read();
    else take((before) => addChunks(before, message.chunks));
  });
  return { output, error, loaded };
}
