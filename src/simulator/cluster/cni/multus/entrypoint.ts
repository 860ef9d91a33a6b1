import type { Process, Program } from '../../../machine/program.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'

const file = '00-multus.conf'

/** Puts Multus in front of the network that a node has: writes 00-multus.conf around the first configuration there. */
export const multusEntrypoint: Program = {
  name: 'thin_entrypoint',
  summary: 'write the configuration of Multus and keep it',
  async run(process) {
    const word = process.argv.find(each => each.startsWith('--multus-autoconfig-dir='))
    const folder = word?.slice(word.indexOf('=') + 1) ?? '/host/etc/cni/net.d'
    const source = await firstConfiguration(process, folder)
    if (source === undefined) return 0
    await say(process, `Using MASTER_PLUGIN: ${source}`)
    await say(process, `Using ${folder}/${source} as a source to generate the Multus configuration`)
    const delegate = JSON.parse(process.files.readText(`${folder}/${source}`)) as { readonly cniVersion?: string }
    const configuration = {
      cniVersion: delegate.cniVersion ?? '0.3.1',
      name: 'multus-cni-network',
      type: 'multus',
      capabilities: { portMappings: true },
      kubeconfig: '/etc/cni/net.d/multus.d/multus.kubeconfig',
      delegates: [delegate],
    }
    const text = `${JSON.stringify(configuration, undefined, 2)}\n`
    process.files.writeText(`${folder}/${file}`, text, 0o600)
    await say(process, `Config file created @ ${folder}/${file}`)
    await process.write(text)
    await say(process, 'Entering watch loop...')
    await untilAsked(process)
    return 0
  },
}

/** The network that the node has without Multus; waits for it. */
async function firstConfiguration(process: Process, folder: string): Promise<string | undefined> {
  const { files } = process
  for (let attempt = 0; ; attempt++) {
    const names = files.isDirectory(folder) ? files.list(folder) : []
    const found = names.find(name => name !== file && /\.(conf|conflist|json)$/.test(name))
    if (found !== undefined) return found
    await say(process, `Attempting to find master plugin configuration, attempt ${attempt}`)
    await process.sleep(1000)
  }
}

async function say(process: Process, text: string): Promise<void> {
  const time = new Date(process.machine.now()).toISOString().replace(/\.\d+Z$/, '+00:00')
  await process.stderr.write(`${time} ${text}\n`)
}
