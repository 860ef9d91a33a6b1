import type { Process } from '../../machine/program.ts'
import { ResolveError, resolveHost } from '../../machine/resolver.ts'
import { PatienceOver } from '../../machine/socketFailure.ts'
import { connectTcp, type TcpStream } from '../../machine/tcp.ts'
import { parseIpv4 } from '../../network/address.ts'
import { loadApiWords } from '../api/openapi/words.ts'
import type { ApiServer } from '../apiserver/apiServer.ts'
import type { ApiRequest, ApiResponse, Transport } from '../client.ts'
import { settle, userOfToken } from './apiDoor.ts'

// How long Go's dialer tries: net/http, DefaultTransport.
const patience = 30_000

/** A server that cannot be reached; `code` says why. */
class Unreachable extends Error {
  readonly code: string
  constructor(code: string) {
    super(code)
    this.code = code
  }
}

/**
 * How kubectl reaches the server of its kubeconfig: the connection is a real one, from the process' own network.
 * Simplified: once it stands, requests are handed over in memory instead of being encrypted and sent.
 */
export class KubectlTransport implements Transport {
  readonly #process: Process
  readonly #url: string
  readonly #server: ApiServer
  #connection: TcpStream | undefined

  constructor(process: Process, url: string, server: ApiServer) {
    this.#process = process
    this.#url = url
    this.#server = server
  }

  async request(request: ApiRequest): Promise<ApiResponse> {
    const state = this.#connection?.connection.state
    if (state !== 'ESTABLISHED') this.#connection = await this.#connect()
    if (request.path.startsWith('/openapi/')) this.#server.words ??= await loadApiWords()
    const user = userOfToken(request.headers?.['authorization']) ?? this.#ownUser
    return settle(this.#process, this.#server.request({ ...request, user }))
  }

  /** Simplified: whoever has a kubeconfig is the administrator; a pod without a token is nobody. */
  get #ownUser(): string {
    return this.#process.machine.parent ? 'system:anonymous' : 'kubernetes-admin'
  }

  async #connect(): Promise<TcpStream> {
    const [, scheme, host = '', port] = /^(\w+):\/\/([^:/]*)(?::(\d+))?/.exec(this.#url) ?? []
    try {
      const address = parseIpv4(host) ?? (await resolveHost(this.#process, host, 4)).addresses[0]
      if (address === undefined) throw new Unreachable('ENOTFOUND')
      return await connectTcp(this.#process, address, Number(port ?? (scheme === 'http' ? 80 : 443)), {
        timeout: patience,
      })
    } catch (error) {
      if (error instanceof ResolveError) throw new Unreachable('ENOTFOUND')
      if (error instanceof PatienceOver) throw new Unreachable('ETIMEDOUT')
      throw error
    }
  }
}
