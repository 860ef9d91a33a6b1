import type { Lab } from '../../simulator/lab.ts'
import { ApiListener } from './apiListener.ts'
import { Authority } from './authority.ts'
import { kubeconfig } from './kubeconfig.ts'
import { Pace } from './pace.ts'

export interface ServiceOptions {
  /** 0 takes a free one. */
  readonly port?: number
  readonly host?: string
  /** Simulated seconds in a real one. */
  readonly speed?: number
  onBug?(error: unknown): void
}

/** A lab that real clients can reach. */
export interface ServedLab {
  readonly url: string
  /** The text of a kubeconfig for the administrator. */
  readonly kubeconfig: string
  readonly pace: Pace
  close(): Promise<void>
}

const user = 'kubernetes-admin'

/** Serves a lab's API server over HTTPS, on a clock that follows real time once its pace is started. */
export async function serveLab(lab: Lab, options: ServiceOptions = {}): Promise<ServedLab> {
  const { port = 0, host = '127.0.0.1', speed = 1, onBug = console.error } = options
  const authority = await Authority.create()
  const credential = await authority.server([
    { type: 'ip', value: '127.0.0.1' },
    ...(/^[\d.]+$/.test(host) && host !== '127.0.0.1' ? [{ type: 'ip', value: host } as const] : []),
    ...['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'].map(
      value => ({ type: 'dns', value }) as const,
    ),
  ])
  const pace = new Pace(lab, speed)
  const listener = new ApiListener({
    apiServer: await lab.apiServer(),
    authority,
    credential,
    onRequest: () => pace.poke(),
    onBug,
  })
  lab.onBug(onBug)
  const url = `https://${host === '0.0.0.0' ? '127.0.0.1' : host}:${await listener.listen(port, host)}`
  const admin = await authority.client(`O=kubeadm:cluster-admins,CN=${user}`)
  return {
    url,
    kubeconfig: kubeconfig(url, authority.certificate, user, admin),
    pace,
    async close() {
      await listener.close()
      await pace.stop()
    },
  }
}
