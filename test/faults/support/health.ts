import type { ServiceProcess } from './process.ts';

/** What a service says at `/health`, or the error that asking ended with. */
export async function healthOf(service: ServiceProcess): Promise<unknown> {
  return (await fetch(`${service.url}/health`)).json();
}

/** Status and body of a GET. */
export async function get(service: ServiceProcess, path: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(service.url + path);
  return { status: answer.status, text: await answer.text() };
}
