import { Lab } from '../../../simulator/lab.ts'
import { readLabSettings } from '../../../simulator/labDefinition.ts'
import { type Area, difference } from '../area.ts'

const folder = 'kubectl/kubectl-1.36.4-help'

/** What `--help` prints, to the letter; the files are named for the commands. */
export const help: Area = {
  name: 'help',
  needs: [folder],
  async *cases(corpora) {
    const lab = await Lab.boot({ cluster: readLabSettings({}), files: {} }, 1)
    const paths = corpora.files(folder).filter(file => file.endsWith('.txt'))
    for (const file of paths) {
      const text = corpora.text(`${folder}/${file}`).replaceAll('/nonexistent/', '/home/learner/')
      const command = commandOf(file.replace(/\.txt$/, ''), text)
      yield {
        name: `${command} --help`,
        async run() {
          const { stdout } = await lab.run(command === 'kubectl options' ? command : `${command} --help`)
          return changedLines(text, stdout)
        },
      }
    }
  },
}

/** `kubectl-config-set-cluster` is `kubectl config set-cluster`, as its usage line says. */
function commandOf(name: string, text: string): string {
  const words = /^Usage:\n {2}(.*)$/m.exec(text)?.[1]?.split(' ') ?? []
  const count = words.findIndex((_, index) => words.slice(0, index + 1).join('-') === name) + 1
  return count > 0 ? words.slice(0, count).join(' ') : name.replaceAll('-', ' ')
}

/** Only the lines that the other text lacks: helps are long. */
function changedLines(expected: string, actual: string): string | undefined {
  if (expected.trimEnd() === actual.trimEnd()) return undefined
  const [wanted, got] = [expected, actual].map(text => text.trimEnd().split('\n')) as [string[], string[]]
  const missing = (lines: readonly string[], others: readonly string[]) =>
    lines.filter(line => !others.includes(line)).slice(0, 5)
  return difference(missing(wanted, got).join('\n'), missing(got, wanted).join('\n'))
}
