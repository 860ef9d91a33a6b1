import type { Process, Program } from '../../../machine/program.ts'

/** A worker process of nginx, as `ps` shows it. */
const workerProgram: Program = {
  name: 'nginx',
  summary: 'worker of nginx',
  async run(process) {
    await process.wait<never>(() => {})
    return 0
  },
}

/** Forks a worker off the master process, as `user` where one is given. */
export function startWorker(master: Process, user?: Process['user']): Process {
  return master.spawn({
    argv: ['nginx'],
    program: workerProgram,
    commandLine: ['nginx: worker process'],
    ...(user === undefined ? {} : { user }),
    isFork: true,
  })
}

/** Ends the workers there are and forks two new ones, as a reload does; `workers` then holds the new ones. */
export function replaceWorkers(master: Process, workers: Process[]): void {
  for (const worker of workers.splice(0)) worker.kill('SIGKILL')
  for (let i = 0; i < 2; i++) workers.push(startWorker(master))
}
