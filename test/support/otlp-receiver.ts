import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pythonTool } from './tools.ts';

const PYTHON = pythonTool('otlp', 'python');

/** Says in the name of a suite why it is skipped; empty when the receiver can be started. */
export const NO_RECEIVER =
  PYTHON === undefined ? ' (skipped: opentelemetry-proto is not installed, see test/tools)' : '';

/** A span as the receiver read it. */
export interface ReceivedSpan {
  readonly service: string;
  readonly name: string;
  readonly kind: string;
  readonly trace_id: string;
  readonly span_id: string;
  /** Id of the span above; empty where there is none. */
  readonly parent: string;
  readonly links: readonly { readonly trace_id: string; readonly span_id: string }[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly status: string;
  readonly nanoseconds: number;
}

/** A receiver of OTLP that reads by OpenTelemetry's own definitions. */
export interface OtlpReceiver {
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  /** What arrived that is no OTLP. */
  readonly faults: readonly string[];
  /** Waits until this is so of the spans. */
  until(holds: (spans: readonly ReceivedSpan[]) => boolean): Promise<void>;
  stop(): void;
}

/** Starts a receiver on a free port. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  if (PYTHON === undefined) throw new Error('opentelemetry-proto is not installed');
  const child = spawn(PYTHON, [join(import.meta.dirname, 'otlp_receiver.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const spans: ReceivedSpan[] = [];
  const faults: string[] = [];
  const port = await readLines(child, (line) => {
    const said = JSON.parse(line) as ReceivedSpan | { readonly fault: string };
    if ('fault' in said) faults.push(said.fault);
    else spans.push(said);
  });
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    faults,
    async until(holds) {
      for (const end = performance.now() + 30_000; performance.now() < end; await sleep(20)) if (holds(spans)) return;
      throw new Error(
        `it did not come to that within 30 s: ${JSON.stringify(spans.map(({ name }) => name))} ${faults}`,
      );
    },
    stop: () => void child.kill('SIGKILL'),
  };
}

/** The first line; the others go to `tell`. */
function readLines(child: ChildProcess, tell: (line: string) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    let started = false;
    child.once('exit', (code) => reject(new Error(`the receiver ended with ${code}`)));
    child.stdout!.setEncoding('utf8').on('data', (part) => {
      text += part;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
        const line = text.slice(0, end);
        text = text.slice(end + 1);
        if (started) tell(line);
        else resolve(line);
        started = true;
      }
    });
  });
}
