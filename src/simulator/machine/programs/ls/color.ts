import type { Stat } from '../../inode.ts'
import type { Flavour } from '../../program.ts'
import type { Entry } from './entry.ts'

/** Puts the colours of GNU ls (as they are without LS_COLORS) or of BusyBox around a name. */
export function paintEntry(text: string, entry: Entry, flavour: Flavour): string {
  const { stat } = entry
  if (flavour === 'busybox') return `\x1b[${busyboxColor(stat)}m${text}\x1b[m`
  const code = gnuColor(stat)
  return code === undefined ? text : `\x1b[${code}m${text}\x1b[0m`
}

function gnuColor({ kind, mode }: Stat): string | undefined {
  switch (kind) {
    case 'directory':
      if ((mode & 0o1002) === 0o1002) return '30;42'
      if ((mode & 0o002) !== 0) return '34;42'
      return (mode & 0o1000) !== 0 ? '37;44' : '01;34'
    case 'link':
      return '01;36'
    case 'fifo':
      return '33'
    case 'socket':
      return '01;35'
    case 'character':
      return '01;33'
    case 'file':
      if ((mode & 0o4000) !== 0) return '37;41'
      if ((mode & 0o2000) !== 0) return '30;43'
      return (mode & 0o111) !== 0 ? '01;32' : undefined
  }
}

const busyboxColors: Readonly<Record<Stat['kind'], string>> = {
  directory: '1;34',
  link: '1;36',
  fifo: '0;35',
  socket: '1;35',
  character: '1;35',
  file: '0;0',
}

function busyboxColor({ kind, mode }: Stat): string {
  return kind === 'file' && (mode & 0o111) !== 0 ? '1;32' : busyboxColors[kind]
}
