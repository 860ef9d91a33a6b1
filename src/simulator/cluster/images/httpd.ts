import { httpdProgram } from './httpd/program.ts'
import type { Image } from './image.ts'
import { layDebian } from './layers/debian.ts'

const version = '2.4.65'
const root = '/usr/local/apache2'

/** The Apache web server. */
export const httpd: Image = {
  repository: 'docker.io/library/httpd',
  hasTag: tag => /^(latest|2|2\.4(\.\d{1,2})?)(-alpine|-bookworm)?$|^(alpine|bookworm)$/.test(tag),
  size: () => 45_196_372,
  settings: () => ({
    command: ['httpd-foreground'],
    environment: {
      PATH: `${root}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
      HTTPD_PREFIX: root,
      HTTPD_VERSION: version,
    },
    workingDirectory: root,
    stopSignal: 'SIGWINCH',
    ports: ['80/tcp'],
  }),
  build(files, _tag, programs) {
    layDebian(files, programs, { accounts: [] })
    for (const path of ['bin', 'conf', 'htdocs', 'logs']) files.mkdir(`${root}/${path}`, { parents: true })
    files.writeText(`${root}/htdocs/index.html`, '<html><body><h1>It works!</h1></body></html>\n')
    files.install('/usr/local/bin/httpd-foreground', httpdProgram(version))
    files.install(`${root}/bin/httpd`, httpdProgram(version))
  },
}
