import type { Program } from '../../../machine/program.ts'
import { anyOf, daemonImage, type Image } from '../../images/image.ts'
import { layAlpine } from '../../images/layers/alpine.ts'
import { layCommands } from '../../images/layers/root.ts'
import { inspectProgram } from '../../images/nginx/inspect.ts'
import { mimeTypes } from '../../images/nginx/pages.ts'
import { debugProgram } from './debugProgram.ts'

/** The release of the controller. */
export const release = 'v1.13.3'

/** The controller with its nginx. */
export const controllerImage: Image = {
  repository: 'registry.k8s.io/ingress-nginx/controller',
  hasTag: anyOf(release, 'v1.13.2', 'v1.13.1', 'v1.13.0', 'v1.12.1'),
  size: () => 114_823_501,
  settings: () => ({
    entrypoint: ['/usr/bin/dumb-init', '--'],
    command: ['/nginx-ingress-controller'],
    workingDirectory: '/etc/nginx',
    user: 'www-data',
  }),
  build(files, _tag, programs) {
    layAlpine(files, programs, '3.22.1', [{ name: 'www-data', uid: 101, gid: 82, home: '/var/www' }])
    layCommands(files, programs, ['curl', 'openssl'], { directory: '/usr/bin', flavour: 'gnu' })
    for (const path of ['/etc/nginx', '/etc/ingress-controller/ssl', '/var/log/nginx', '/tmp/nginx']) {
      files.mkdir(path, { parents: true })
      files.chown(path, 101, 82)
    }
    files.writeText('/etc/nginx/mime.types', mimeTypes)
    files.writeText(
      '/etc/nginx/nginx.conf',
      '# A very simple nginx configuration file that forces nginx to start.\npid /tmp/nginx/nginx.pid;\n\nevents {}\nhttp {}\ndaemon off;\n',
    )
    files.chown('/etc/nginx/nginx.conf', 101, 82)
    files.symlink('/dev/stdout', '/var/log/nginx/access.log')
    files.symlink('/dev/stderr', '/var/log/nginx/error.log')
    files.install('/usr/bin/nginx', inspectProgram('1.27.1'))
    files.install('/usr/bin/dumb-init', dumbInit)
    files.install('/nginx-ingress-controller', programs.ofCluster('nginx-ingress-controller'))
    files.install('/wait-shutdown', waitShutdown)
    files.install('/dbg', debugProgram)
  },
}

/** Makes the certificate of the webhook and tells the API server whom to trust. */
export const certgenImage: Image = daemonImage({
  repository: 'registry.k8s.io/ingress-nginx/kube-webhook-certgen',
  tags: ['v1.6.3', 'v1.6.2', 'v1.6.1', 'v1.5.2'],
  size: 24_112_904,
  path: '/kube-webhook-certgen',
})

/** The first process of the container: starts the other one and passes signals on. */
const dumbInit: Program = {
  name: 'dumb-init',
  summary: 'a minimal init system for containers',
  async run(process) {
    const argv = process.argv.slice(process.argv[1] === '--' ? 2 : 1)
    const child = process.spawn({ argv })
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP']) process.onSignal(signal, () => child.kill(signal))
    return child.exited()
  },
}

/** Asks the controller to end and waits until its nginx has. */
const waitShutdown: Program = {
  name: 'wait-shutdown',
  summary: 'wait for nginx to end',
  async run(process) {
    const named = (name: string) =>
      [...process.machine.processes.values()].find(each => each.commandLine[0]?.startsWith(name))
    named('/nginx-ingress-controller')?.kill('SIGTERM')
    while (named('nginx: master')) await process.sleep(1000)
    return 0
  },
}
