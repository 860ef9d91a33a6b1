import { anyOf, type Image } from './image.ts'
import { layAlpine } from './layers/alpine.ts'

/** Says as whom a program runs that belongs to root and makes everybody root. */
export const nonewprivs: Image = {
  repository: 'registry.k8s.io/e2e-test-images/nonewprivs',
  hasTag: anyOf('1.3', '1.4'),
  size: () => 3_373_000,
  settings: () => ({ entrypoint: ['/nnp'] }),
  build(files, _tag, programs) {
    layAlpine(files, programs, '3.18.4')
    files.install(
      '/nnp',
      {
        name: 'nnp',
        summary: 'say the effective user',
        async run(process) {
          const { user } = process
          await process.write(`Effective uid: ${user.keepsItsRights ? user.uid : 0}\n`)
          return 0
        },
      },
      { mode: 0o4755 },
    )
  },
}
