/** What a signal does to a process that has said nothing about it. */
export type DefaultAction = 'end' | 'core' | 'stop' | 'continue' | 'ignore'

/** One signal of Linux on x86. */
export interface Signal {
  readonly number: number
  /** With `SIG`. */
  readonly name: string
  readonly action: DefaultAction
  /** What a shell prints for a job that it ended. */
  readonly text: string
}

/** The signals in the order of their numbers (signal(7), strsignal(3)). */
export const signals: readonly Signal[] = (
  [
    ['HUP', 'end', 'Hangup'],
    ['INT', 'end', 'Interrupt'],
    ['QUIT', 'core', 'Quit'],
    ['ILL', 'core', 'Illegal instruction'],
    ['TRAP', 'core', 'Trace/breakpoint trap'],
    ['ABRT', 'core', 'Aborted'],
    ['BUS', 'core', 'Bus error'],
    ['FPE', 'core', 'Floating point exception'],
    ['KILL', 'end', 'Killed'],
    ['USR1', 'end', 'User defined signal 1'],
    ['SEGV', 'core', 'Segmentation fault'],
    ['USR2', 'end', 'User defined signal 2'],
    ['PIPE', 'end', 'Broken pipe'],
    ['ALRM', 'end', 'Alarm clock'],
    ['TERM', 'end', 'Terminated'],
    ['STKFLT', 'end', 'Stack fault'],
    ['CHLD', 'ignore', 'Child exited'],
    ['CONT', 'continue', 'Continued'],
    ['STOP', 'stop', 'Stopped (signal)'],
    ['TSTP', 'stop', 'Stopped'],
    ['TTIN', 'stop', 'Stopped (tty input)'],
    ['TTOU', 'stop', 'Stopped (tty output)'],
    ['URG', 'ignore', 'Urgent I/O condition'],
    ['XCPU', 'core', 'CPU time limit exceeded'],
    ['XFSZ', 'core', 'File size limit exceeded'],
    ['VTALRM', 'end', 'Virtual timer expired'],
    ['PROF', 'end', 'Profiling timer expired'],
    ['WINCH', 'ignore', 'Window changed'],
    ['IO', 'end', 'I/O possible'],
    ['PWR', 'end', 'Power failure'],
    ['SYS', 'core', 'Bad system call'],
  ] as const
).map(([name, action, text], index) => ({ number: index + 1, name: `SIG${name}`, action, text }))

const byName = new Map(signals.map(signal => [signal.name, signal]))

/** A signal by name with or without `SIG`, in any case, or by number; undefined when there is none. */
export function findSignal(name: string): Signal | undefined {
  if (/^\d+$/.test(name)) return signals[Number(name) - 1]
  const upper = name.toUpperCase()
  return byName.get(upper.startsWith('SIG') ? upper : `SIG${upper}`)
}
