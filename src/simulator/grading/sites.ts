import { ingress } from '../cluster/kinds/ingress.ts'
import { service } from '../cluster/kinds/service.ts'
import type { World } from './world.ts'

/** A request to a site by its name, sent to an address that no name server knows the name for. */
export interface SiteRequest {
  /** Where the packets go: an address, with a port where it is not the usual one. */
  readonly at: string
  readonly url: string
  /** More of curl's options: `-H 'version: two'`. */
  readonly options?: string
}

/** What a site answered. */
export interface SiteAnswer {
  /** 0 when there was no answer at all. */
  readonly code: number
  readonly page: string
  /** Where the answer sends the client, if it does. */
  readonly redirect: string
  /** What is shown as evidence: the status or curl's complaint. */
  readonly text: string
}

/** Calls a site from the workstation, right now; its certificate is not looked at. */
export async function askSite(world: World, { at, url, options = '' }: SiteRequest): Promise<SiteAnswer> {
  const [, host, port = ''] = /^(.+?)(?::(\d+))?$/.exec(at) ?? []
  const curl = `curl -sSk -m 5 --connect-to ::${host}:${port} -w '\\n%{http_code} %{redirect_url}' ${options} '${url}'`
  const { stdout, stderr, status } = await world.run(curl, 20_000)
  const end = stdout.lastIndexOf('\n')
  const [code = '', redirect = ''] = stdout.slice(end + 1).split(' ')
  if (status !== 0) return { code: 0, page: '', redirect: '', text: stderr.split('\n')[0] ?? '' }
  return { code: Number(code), page: stdout.slice(0, end).trim(), redirect, text: `HTTP ${code}` }
}

/** The address that an Ingress shows, once its controller has written it. */
export function addressOfIngress({ client }: World, name: string, namespace = 'default'): string | undefined {
  return client.get(ingress, name, namespace)?.status.loadBalancer?.ingress?.[0]?.ip
}

/** The address of the load balancer before a Service. */
export function addressOfBalancer({ client }: World, name: string, namespace = 'default'): string | undefined {
  return client.get(service, name, namespace)?.status.loadBalancer?.ingress?.[0]?.ip
}
