import { textOf } from '../../../machine/bytes.ts'
import { collect, HttpHeaders } from '../../../machine/http.ts'
import { requestHttp } from '../../../machine/httpClient.ts'
import type { Process, Program } from '../../../machine/program.ts'
import { parseIpv4 } from '../../../network/address.ts'
import { SocketError } from '../../../network/socketError.ts'

/** `/dbg`: what the nginx beside it has in its memory. */
export const debugProgram: Program = {
  name: 'dbg',
  summary: 'dbg is a tool for quickly inspecting the state of the nginx instance',
  async run(process) {
    const [area, verb, name] = process.argv.slice(1)
    try {
      if (area === 'conf') return await show(process, process.files.readText('/etc/nginx/nginx.conf'))
      if (area === 'general') return await show(process, `${indented(await ask(process, '/configuration/general'))}\n`)
      if (area === 'backends' && verb === 'all')
        return await show(process, `${indented(await ask(process, '/configuration/backends'))}\n`)
      if (area === 'backends' && (verb === 'list' || verb === 'get')) return await backends(process, verb, name)
      if (area === 'certs' && verb === 'get' && name)
        return await show(process, `${await ask(process, `/configuration/certs?hostname=${name}`)}\n`)
    } catch (error) {
      if (!(error instanceof SocketError)) throw error
      await process.stderr.write('dial tcp 127.0.0.1:10246: connect: connection refused\n')
      return 1
    }
    return show(process, usage)
  },
}

async function show(process: Process, text: string): Promise<number> {
  await process.write(text)
  return 0
}

async function backends(process: Process, verb: 'list' | 'get', name: string | undefined): Promise<number> {
  const all = JSON.parse(await ask(process, '/configuration/backends')) as { name: string }[]
  if (verb === 'list') return show(process, all.map(each => `${each.name}\n`).join(''))
  const found = all.find(each => each.name === name)
  return show(process, found ? `${JSON.stringify(found, null, 2)}\n` : 'A backend of this name was not found.\n')
}

async function ask(process: Process, target: string): Promise<string> {
  const reply = await requestHttp(process, {
    address: parseIpv4('127.0.0.1')!,
    port: 10_246,
    method: 'GET',
    target,
    headers: new HttpHeaders([['Host', 'localhost:10246']]),
  })
  const text = textOf(await collect(reply.body))
  reply.close()
  return text
}

function indented(json: string): string {
  return JSON.stringify(JSON.parse(json), null, 2)
}

const usage = `dbg is a tool for quickly inspecting the state of the nginx instance

Usage:
  dbg [command]

Available Commands:
  backends    Inspect the dynamically-loaded backends information
  certs       Inspect dynamic SSL certificates
  completion  Generate the autocompletion script for the specified shell
  conf        Dump the contents of /etc/nginx/nginx.conf
  general     Output the general dynamic lua state
  help        Help about any command

Flags:
  -h, --help              help for dbg
      --status-port int   Port to use for the lua HTTP endpoint configuration. (default 10246)

Use "dbg [command] --help" for more information about a command.
`
