import { anyOf, type Image } from '../../images/image.ts'
import { layRoot } from '../../images/layers/root.ts'
import { initVersion, linkerdVersion } from './version.ts'

/** An image with a few programs and no shell. */
function bare(
  name: string,
  tag: string,
  bytes: number,
  account: { readonly name: string; readonly uid: number },
  entrypoint: string,
  files: Readonly<Record<string, string>>,
): Image {
  return {
    repository: `cr.l5d.io/linkerd/${name}`,
    hasTag: anyOf(tag),
    size: () => bytes,
    settings: () => ({ entrypoint: [entrypoint], user: String(account.uid) }),
    build(system, _tag, programs) {
      layRoot(system, [account], '/dev /etc /proc /run /sys /tmp /usr /var')
      for (const [path, program] of Object.entries(files)) {
        system.mkdir(path.slice(0, path.lastIndexOf('/')) || '/', { parents: true })
        system.install(path, programs.ofCluster(program))
      }
    },
  }
}

const nobody = { name: 'nobody', uid: 65534 }
const library = '/usr/lib/linkerd'

/** What the pods of Linkerd, and the sidecars, are made of. */
export const linkerdImages: readonly Image[] = [
  bare('proxy', linkerdVersion, 17_204_311, { name: 'proxy', uid: 2102 }, `${library}/linkerd2-proxy`, {
    [`${library}/linkerd2-proxy`]: 'linkerd2-proxy',
    [`${library}/linkerd-await`]: 'linkerd-await',
  }),
  bare('proxy-init', initVersion, 9_113_870, nobody, `${library}/linkerd2-proxy-init`, {
    [`${library}/linkerd2-proxy-init`]: 'linkerd2-proxy-init',
  }),
  bare('controller', linkerdVersion, 41_557_210, { name: 'linkerd', uid: 2103 }, '/controller', {
    '/controller': 'linkerd-controller',
  }),
]
