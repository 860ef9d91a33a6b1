import { bytesOf } from '../../../machine/bytes.ts'
import { FileError } from '../../../machine/fileError.ts'
import type { HttpAnswer } from '../../../machine/httpServer.ts'
import { serveHttp } from '../../../machine/httpServer.ts'
import type { Process } from '../../../machine/program.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import type { Subcommand } from './subcommand.ts'

/** Serves the files of its container. */
export const testWebserver: Subcommand = {
  name: 'test-webserver',
  summary: 'Starts a simple HTTP fileserver which serves any file specified in the URL path',
  async run(process) {
    serveHttp(process, 80, ({ target }) => answer(process, decodeURIComponent(target.split('?')[0]!)), {
      isDualStack: true,
    })
    await untilAsked(process)
    return 0
  },
}

function answer({ files }: Process, path: string): HttpAnswer {
  const plain = (status: number, body: string): HttpAnswer => ({
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' },
    body,
  })
  try {
    if (!files.isDirectory(path)) return { status: 200, body: bytesOf(files.readText(path)) }
    const links = files.list(path).map(name => {
      const shown = files.isDirectory(`${path}/${name}`) ? `${name}/` : name
      return `<a href="${encodeURI(shown)}">${shown}</a>\n`
    })
    const body = `<!doctype html>\n<meta name="viewport" content="width=device-width">\n<pre>\n${links.join('')}</pre>\n`
    return { status: 200, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body }
  } catch (error) {
    if (!(error instanceof FileError)) throw error
    return error.code === 'EACCES' ? plain(403, '403 Forbidden\n') : plain(404, '404 page not found\n')
  }
}
