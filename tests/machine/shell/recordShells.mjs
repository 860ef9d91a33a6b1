// Runs each line of bash-lines.txt in a real bash 5.2, and of dash-lines.txt in a real dash, in an empty home
// directory, and stores what they answer:
//   node tests/machine/shell/recordShells.mjs
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const home = '/home/learner'
if (existsSync(home)) throw new Error(`${home} is there already: it would be emptied`)

const folder = import.meta.dirname
for (const [shell, name] of [
  ['bash', 'bash'],
  ['dash', 'sh'],
]) {
  const lines = readFileSync(join(folder, `${shell}-lines.txt`), 'utf8')
    .split('\n')
    .filter(line => line !== '')
  const answers = lines.map(line => {
    mkdirSync(home, { recursive: true })
    const { stdout, stderr, status } = spawnSync(shell, ['-c', line.replaceAll('⏎', '\n')], {
      argv0: name,
      cwd: home,
      env: { PATH: '/usr/bin:/bin', HOME: home, LC_CTYPE: 'C.UTF-8' },
      input: '',
      timeout: 20_000,
    })
    rmSync(home, { recursive: true })
    const shown = stderr.toString().replace(/ +\d+ (Terminated|Killed|Aborted|Hangup)/g, ' PID $1')
    return { line, stdout: stdout.toString(), stderr: shown, status }
  })
  writeFileSync(join(folder, `${shell}-answers.jsonl`), answers.map(answer => `${JSON.stringify(answer)}\n`).join(''))
}
