import type { Program } from '../../../machine/program.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import { node } from '../../kinds/node.ts'
import type { PluginControl } from '../plugin.ts'
import { Ipam } from './ipam.ts'
import { userOf } from './settings.ts'

// Simplified: of its controllers only the one for nodes is there: it gives up the blocks of nodes that are gone.
/** What the Deployment calico-kube-controllers runs. */
export function kubeControllers(control: PluginControl): Program {
  return {
    name: 'kube-controllers',
    summary: 'give up the addresses of nodes that are gone',
    appetite: { processor: 1, memory: 20_000_000 },
    async run(process) {
      const client = control.client(userOf('calico-kube-controllers'))
      const stop = client.watch(node, ({ type, object }) => {
        if (type === 'DELETED') Ipam.open(client)?.releaseNode(object.metadata.name)
      })
      const forget = process.onExit(stop)
      await untilAsked(process)
      forget()
      stop()
      return 0
    },
  }
}

/** What the probes of its container call. */
export const controllersCheck: Program = {
  name: 'check-status',
  summary: 'say whether kube-controllers works',
  async run(process) {
    if (process.argv.slice(1).every(word => word === '-l' || word === '-r')) return 0
    await process.stderr.write(`check-status ${process.argv.slice(1).join(' ')} is not simulated here\n`)
    return 1
  },
}
