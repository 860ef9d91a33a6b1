import type { Process } from '../../../../machine/program.ts'
import type { ApiStream } from '../../../client.ts'
import type { AddonParts } from '../../optional.ts'

// Simplified: who asks is always the administrator, whatever the kubeconfig says.
const user = 'kubernetes-admin'

/** Runs commands in pods through the API server, as istioctl does to learn what only they know. */
export class PodQuestions {
  readonly #process: Process
  readonly #parts: AddonParts

  constructor(process: Process, parts: AddonParts) {
    this.#process = process
    this.#parts = parts
  }

  /** What a command printed; undefined when it could not be run. */
  async ask(
    namespace: string,
    pod: string,
    container: string,
    command: readonly string[],
  ): Promise<string | undefined> {
    const stream = await this.#process.wait<ApiStream | undefined>(wake =>
      this.#parts.ask(
        user,
        {
          method: 'POST',
          path: `/api/v1/namespaces/${namespace}/pods/${pod}/exec`,
          query: { container, stdout: 'true' },
          repeated: { command },
        },
        answer => wake(answer.stream),
      ),
    )
    if (!stream) return undefined
    let text = ''
    stream.onData((data, channel) => {
      if (channel === 1) text += String(data)
    })
    await this.#process.wait<void>(wake => stream.onEnd(() => wake()))
    return text
  }
}
