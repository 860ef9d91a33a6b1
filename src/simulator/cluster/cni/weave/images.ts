import { anyOf, type Image } from '../../images/image.ts'
import { layAlpine } from '../../images/layers/alpine.ts'

/** The router, with what sets a node up for it. */
const weaveKube: Image = {
  repository: 'docker.io/weaveworks/weave-kube',
  hasTag: anyOf('2.8.1', 'latest'),
  size: () => 30_924_173,
  settings: () => ({ entrypoint: ['/home/weave/launch.sh'] }),
  build(files, _tag, programs) {
    layAlpine(files, programs, '3.12.3')
    files.install('/home/weave/init.sh', programs.ofCluster('weave-init'))
    files.install('/home/weave/launch.sh', programs.ofCluster('weaver'))
    files.install('/home/weave/weave', programs.ofCluster('weave'))
    files.install('/home/weave/plugin', programs.ofCluster('cni-plugin'))
  },
}

/** What turns NetworkPolicies into rules. */
const weaveNpc: Image = {
  repository: 'docker.io/weaveworks/weave-npc',
  hasTag: anyOf('2.8.1', 'latest'),
  size: () => 12_814_131,
  settings: () => ({ entrypoint: ['/usr/bin/launch.sh'] }),
  build(files, _tag, programs) {
    layAlpine(files, programs, '3.12.3')
    files.install('/usr/bin/launch.sh', programs.ofCluster('weave-npc'))
  },
}

/** What the pods of Weave Net are made of. */
export const weaveImages: readonly Image[] = [weaveKube, weaveNpc]
