import type { Option, Program } from '../program.ts'
import { runBind } from './nslookup/bind.ts'
import { runBusybox } from './nslookup/busybox.ts'

const options: readonly Option[] = [
  { long: 'type', value: 'TYPE', help: 'the type of the records to ask for: -type=SRV' },
  { long: 'query', value: 'TYPE', help: 'the same' },
  { long: 'timeout', value: 'SECONDS', help: 'how long to wait for an answer' },
  { long: 'retry', value: 'N', help: 'how often to ask again' },
  { long: 'port', value: 'PORT', help: 'the port of the server' },
  { long: 'debug', help: 'show more' },
]

/** Asks a name server for a name or an address. */
export const nslookup: Program = {
  name: 'nslookup',
  summary: 'query Internet name servers interactively',
  usage: '[-option] [name | -] [server]',
  options,
  run(process) {
    return process.flavour === 'busybox' ? runBusybox(process) : runBind(process)
  },
}
