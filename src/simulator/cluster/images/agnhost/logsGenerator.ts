import { glogLine } from '../../../machine/glog.ts'
import { parseDuration, readFlags, type Subcommand } from './subcommand.ts'

const methods = ['GET', 'POST', 'PUT']
const namespaces = ['default', 'ns', 'kube-system']

/** Writes so many log lines, evenly over a time. */
export const logsGenerator: Subcommand = {
  name: 'logs-generator',
  summary: 'Outputs lines of logs to stdout uniformly',
  async run(process, words) {
    const { flags } = readFlags(words, { 'log-lines-total': '0', 'run-duration': '0s' })
    const total = Number(flags['log-lines-total'])
    const duration = parseDuration(flags['run-duration']) ?? 0
    if (!(total > 0) || duration <= 0) {
      const wrong = total > 0 ? `duration: ${flags['run-duration']}` : `total number of lines: ${total}`
      await process.stderr.write(glogLine(process, 'logs_generator.go:67', `Invalid ${wrong}`, 'F'))
      return 255
    }
    const { random } = process.kernel
    const oneOf = (list: readonly string[]) => list[random.below(list.length)]!
    for (let id = 0; id < total; id++) {
      const url = `/api/v1/namespaces/${oneOf(namespaces)}/pods/${random.suffix(3 + random.below(2))}`
      const text = `${id} ${oneOf(methods)} ${url} ${200 + random.below(400)}`
      await process.stderr.write(glogLine(process, 'logs_generator.go:76', text))
      await process.sleep(duration / total)
    }
    return 0
  },
}
