import { Lab } from '../../../simulator/lab.ts'
import { readLabSettings } from '../../../simulator/labDefinition.ts'
import type { Area } from '../area.ts'

const index = 'k8s-docs/examples-index.json'
const folder = 'k8s-docs'

/** Manifests of kubernetes.io: each is taken by the server, or refused for a reason that the real one has too. */
export const manifests: Area = {
  name: 'documentation/manifests',
  needs: [index],
  async *cases(corpora) {
    const lab = await Lab.boot({ cluster: readLabSettings({}), files: {} }, 1)
    for (const { file } of corpora.json<{ file: string }[]>(index)) {
      if (!corpora.has(`${folder}/${file}`)) continue
      yield {
        name: file,
        async run() {
          const path = `manifests/${file.replaceAll('/', '-')}`
          lab.saveFile(path, corpora.text(`${folder}/${file}`))
          const { stderr, status } = await lab.run(`kubectl apply --dry-run=server -f ${path}`)
          const unknown = stderr.split('\n').filter(line => line !== '' && !known.some(pattern => pattern.test(line)))
          return status === 0 || unknown.length === 0 ? undefined : unknown.map(line => `    ! ${line}`).join('\n')
        },
      }
    }
  },
}

/** What a server of release 1.36 says to manifests that want something it has not, and what a lab says of itself. */
const known: readonly RegExp[] = [
  /^Warning: /,
  /no matches for kind "\w+" in version "\S+"|^ensure CRDs are installed first/,
  /namespaces "[\w-]+" not found/,
  / are not simulated here$/,
  /"IPv6": not configured on this cluster$/,
  /illegal base64 data at input byte/,
  /unknown field "spec.ipFamily"$/,
  // Words that stand for something: `$ITEM`, `<name>`.
  /"[^"]*(?:\$\w+|<[\w-]+>)[^"]*"/,
]
