import type { Program } from '../../../machine/program.ts'
import { anyOf, type Image } from '../../images/image.ts'
import { layAlpine } from '../../images/layers/alpine.ts'
import { cniInstaller, ipamUpgrade } from './installer.ts'
import { controllersCheck } from './kubeControllers.ts'
import { calicoNodeProbe } from './node.ts'
import { calicoVersion } from './settings.ts'

// Simplified: around the programs lies a small Alpine; the real images are made from Red Hat's minimal one.
const nodeImage: Image = {
  repository: 'quay.io/calico/node',
  mirrors: ['docker.io/calico/node'],
  hasTag: anyOf(calicoVersion),
  size: () => 158_412_311,
  settings: () => ({ command: ['start_runit'] }),
  build(files, _tag, programs) {
    layAlpine(files, programs, '3.22.1')
    files.install('/usr/local/bin/start_runit', programs.ofCluster('start_runit'))
    files.install('/bin/calico-node', calicoNodeProbe)
  },
}

const cniImage: Image = {
  repository: 'quay.io/calico/cni',
  mirrors: ['docker.io/calico/cni'],
  hasTag: anyOf(calicoVersion),
  size: () => 71_882_540,
  settings: () => ({
    environment: { PATH: '/opt/cni/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
  }),
  build(files, _tag, programs) {
    layAlpine(files, programs, '3.22.1')
    files.mkdir('/opt/cni/bin', { parents: true })
    for (const program of [cniInstaller, ipamUpgrade, calicoExecutable])
      files.install(`/opt/cni/bin/${program.name}`, program)
  },
}

const controllersImage: Image = {
  repository: 'quay.io/calico/kube-controllers',
  mirrors: ['docker.io/calico/kube-controllers'],
  hasTag: anyOf(calicoVersion),
  size: () => 51_960_117,
  settings: () => ({ entrypoint: ['/usr/bin/kube-controllers'], user: '999' }),
  build(files, _tag, programs) {
    layAlpine(files, programs, '3.22.1')
    files.install('/usr/bin/kube-controllers', programs.ofCluster('kube-controllers'))
    files.install('/usr/bin/check-status', controllersCheck)
  },
}

/** What a person sees who starts the executable by hand. */
const calicoExecutable: Program = {
  name: 'calico',
  summary: 'connect a container to the network, as a CNI executable',
  async run(process) {
    await process.stderr.write('CNI_COMMAND env variable missing\n')
    return 1
  },
}

/** What the pods of Calico are made of. */
export const calicoImages: readonly Image[] = [nodeImage, cniImage, controllersImage]
