import type { Program } from '../program.ts'
import { cookedMode, rawMode, type Terminal, type TerminalMode } from '../terminal.ts'

/** Shows and changes how the terminal treats keys. */
export const stty: Program = {
  name: 'stty',
  summary: 'change and print terminal line settings',
  usage: '[-F DEVICE | --file=DEVICE] [SETTING]...',
  async run(process) {
    const { terminal } = process.stdin
    if (!terminal) return process.fail("'standard input': Inappropriate ioctl for device")
    const words = process.argv.slice(1)
    if (words.length === 0) {
      await process.write(`speed 38400 baud; line = 0;\n${terminal.mode.isEchoing ? '' : '-echo\n'}`)
      return 0
    }
    for (let i = 0; i < words.length; i++) {
      const word = words[i]!
      if (word === '-a' || word === '--all') await process.write(everything(terminal))
      else if (word === 'size') await process.write(`${terminal.rows} ${terminal.columns}\n`)
      else if (word === 'speed') await process.write('38400\n')
      else if (word === '-g' || word === '--save') await process.write(saved(terminal.mode))
      else if (word === 'rows' || word === 'cols' || word === 'columns') {
        const size = Number(words[++i])
        terminal.resize(word === 'rows' ? terminal.columns : size, word === 'rows' ? size : terminal.rows)
      } else {
        const mode = changed(terminal.mode, word)
        if (!mode) return process.fail(`invalid argument '${word}'\nTry 'stty --help' for more information.`)
        terminal.setMode(mode)
      }
    }
    return 0
  },
}

const switches: Readonly<Record<string, keyof TerminalMode>> = {
  echo: 'isEchoing',
  icanon: 'isCanonical',
  isig: 'sendsSignals',
  icrnl: 'mapsReturn',
  onlcr: 'mapsNewline',
}

const ignored =
  /^-?(echoe|echok|echoctl|echoke|echonl|iexten|opost|ixon|ixoff|iutf8|brkint|ignpar|imaxbel|inlcr|igncr|istrip|tostop|hupcl|cs8|parenb|cread|cooked|crterase|crtkill)$/

function changed(mode: TerminalMode, word: string): TerminalMode | undefined {
  if (word === 'sane' || word === 'cooked' || word === '-raw') return cookedMode
  if (word === 'raw' || word === '-cooked') return { ...rawMode, isEchoing: mode.isEchoing }
  if (word === 'cbreak' || word === '-cbreak') return { ...mode, isCanonical: word !== 'cbreak' }
  const isOff = word.startsWith('-')
  const name = switches[isOff ? word.slice(1) : word]
  if (name) return { ...mode, [name]: !isOff }
  if (ignored.test(word)) return mode
  return word.split(':').length === 5 ? restored(word) : undefined
}

/** The state as five numbers, of which only the third means something here. */
function saved(mode: TerminalMode): string {
  const bits = Object.values(mode).reduce((all, isOn, index) => all | (isOn ? 1 << index : 0), 0)
  return `4500:5:${bits.toString(16)}:8a3b:0\n`
}

function restored(text: string): TerminalMode {
  const bits = Number.parseInt(text.split(':')[2]!, 16)
  const names = Object.keys(cookedMode)
  return Object.fromEntries(names.map((name, index) => [name, (bits & (1 << index)) !== 0])) as unknown as TerminalMode
}

function everything({ mode, rows, columns }: Terminal): string {
  const sign = (isOn: boolean, name: string) => (isOn ? name : `-${name}`)
  return [
    `speed 38400 baud; rows ${rows}; columns ${columns}; line = 0;`,
    'intr = ^C; quit = ^\\; erase = ^?; kill = ^U; eof = ^D; eol = <undef>; eol2 = <undef>; swtch = <undef>; start = ^Q;',
    'stop = ^S; susp = ^Z; rprnt = ^R; werase = ^W; lnext = ^V; discard = ^O; min = 1; time = 0;',
    '-parenb -parodd -cmspar cs8 -hupcl -cstopb cread -clocal -crtscts',
    `-ignbrk -brkint -ignpar -parmrk -inpck -istrip -inlcr -igncr ${sign(mode.mapsReturn, 'icrnl')} ixon -ixoff -iuclc -ixany -imaxbel iutf8`,
    `opost -olcuc -ocrnl ${sign(mode.mapsNewline, 'onlcr')} -onocr -onlret -ofill -ofdel nl0 cr0 tab0 bs0 vt0 ff0`,
    `${sign(mode.sendsSignals, 'isig')} ${sign(mode.isCanonical, 'icanon')} iexten ${sign(mode.isEchoing, 'echo')} echoe echok -echonl -noflsh -xcase -tostop -echoprt echoctl echoke -flusho -extproc`,
    '',
  ].join('\n')
}
