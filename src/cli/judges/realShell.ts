import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'

/** What a command printed and how it ended. */
export interface Printed {
  readonly stdout: string
  readonly stderr: string
  readonly status: number
}

/** How long a command may take, and how long its last words are waited for when a process behind it lives on. */
const patience = 150_000
const afterglow = 100

export interface RealShellOptions {
  /** The real kubectl. */
  readonly kubectl: string
  readonly kubeconfig: string
  /** Where the lab is served; sessions know it by the address of the reference cluster. */
  readonly url: string
  /** Text of each file of the working directory by its path. */
  readonly files: Readonly<Record<string, string>>
}

/** What sessions call the API server and the home directory. */
const knownUrl = 'https://192.168.64.10:6443'
const knownHome = '/home/learner'

/** A bash of this machine in a directory of its own, with a real kubectl: every command is a shell of its own. */
export class RealShell {
  readonly #folder = mkdtempSync(join(tmpdir(), 'kubehop-session-'))
  readonly #home = join(this.#folder, 'home')
  readonly #url: string
  readonly #groups = new Set<number>()

  constructor({ kubectl, kubeconfig, url, files }: RealShellOptions) {
    this.#url = url
    mkdirSync(join(this.#folder, 'bin'))
    symlinkSync(resolve(kubectl), join(this.#folder, 'bin/kubectl'))
    for (const [path, text] of Object.entries({ ...files, '.kube/config': kubeconfig })) {
      const place = join(this.#home, path)
      mkdirSync(dirname(place), { recursive: true })
      writeFileSync(place, text)
    }
  }

  run(command: string): Promise<Printed> {
    const child = spawn('bash', ['-c', command.replaceAll(knownUrl, this.#url).replaceAll(knownHome, this.#home)], {
      cwd: this.#home,
      env: {
        HOME: this.#home,
        USER: 'learner',
        LOGNAME: 'learner',
        SHELL: '/bin/bash',
        LANG: 'C.UTF-8',
        KUBECONFIG: join(this.#home, '.kube/config'),
        PATH: [join(this.#folder, 'bin'), process.env['PATH']].join(delimiter),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: what it leaves behind is ended with the session.
      detached: true,
    })
    if (child.pid) this.#groups.add(child.pid)
    const printed = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8')
      child[name].on('data', (text: string) => {
        printed[name] += text
      })
    }
    return new Promise(done => {
      const timer = setTimeout(() => child.kill('SIGKILL'), patience)
      const finish = (status: number | null) => {
        clearTimeout(timer)
        done({ stdout: this.#known(printed.stdout), stderr: this.#known(printed.stderr), status: status ?? 137 })
      }
      child.on('exit', status => void setTimeout(() => finish(status), afterglow).unref())
      child.on('close', finish)
    })
  }

  close(): void {
    for (const group of this.#groups)
      try {
        process.kill(-group, 'SIGKILL')
      } catch {
        // It has ended by itself.
      }
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #known(text: string): string {
    return text
      .replaceAll(this.#url, knownUrl)
      .replaceAll(this.#url.replace('https://', ''), knownUrl.replace('https://', ''))
      .replaceAll(this.#home, knownHome)
  }
}
