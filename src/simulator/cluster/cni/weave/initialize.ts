import type { Program } from '../../../machine/program.ts'

const configuration = `{
    "cniVersion": "0.3.0",
    "name": "weave",
    "plugins": [
        {
            "name": "weave",
            "type": "weave-net",
            "hairpinMode": true
        },
        {
            "type": "portmap",
            "capabilities": {"portMappings": true},
            "snat": true
        }
    ]
}
`

/** Puts the plugin and its configuration where the container runtime looks for them. */
export const initialize: Program = {
  name: 'init.sh',
  summary: 'install the CNI plugin of Weave Net',
  async run(process) {
    const status = await process.call(['cp', '-f', '/home/weave/plugin', '/host/opt/cni/bin/weave-net'])
    if (status !== 0) return status
    process.files.mkdir('/host/etc/cni/net.d', { parents: true })
    process.files.writeText('/host/etc/cni/net.d/10-weave.conflist', configuration)
    return 0
  },
}
