import { FileError } from '../../../machine/fileError.ts'
import type { HttpAnswer, HttpRequest } from '../../../machine/httpServer.ts'
import { serveHttp } from '../../../machine/httpServer.ts'
import type { Process, Program } from '../../../machine/program.ts'
import { ResolveError, resolveHost } from '../../../machine/resolver.ts'
import type { TcpListening } from '../../../machine/tcp.ts'
import { parseIpv4 } from '../../../network/address.ts'
import { SocketError } from '../../../network/socketError.ts'
import { bindFailures } from './bindFailures.ts'
import { Exchange } from './exchange.ts'
import { LogFile } from './logFile.ts'
import { statusPage } from './pages.ts'
import { passOn } from './passOn.ts'
import { readSettings, type Settings } from './settings.ts'
import { ConfigurationError, parseConfiguration } from './syntax.ts'
import { startWorker } from './worker.ts'

const prefix = '/etc/nginx/'
const bindAttempts = 5
const bindPause = 500

/** The web server, in the version of its image. */
export function nginxProgram(version: string): Program {
  return {
    name: 'nginx',
    summary: 'HTTP and reverse proxy server',
    run: process => new Nginx(process, version).run(),
  }
}

interface CommandLine {
  readonly file: string
  readonly extra: string
  readonly isTest: boolean
  readonly isQuiet: boolean
  readonly signal: string | undefined
}

class Nginx {
  readonly #process: Process
  readonly #version: string
  readonly #logs = new Map<string, LogFile>()
  readonly #listening = new Map<string, TcpListening>()
  readonly #turns = new Map<string, number>()
  #settings: Settings | undefined
  #workers: Process[] = []
  #connections = 0
  #requests = 0

  constructor(process: Process, version: string) {
    this.#process = process
    this.#version = version
  }

  async run(): Promise<number> {
    const process = this.#process
    const line = await this.#readCommandLine()
    if (typeof line === 'number') return line
    try {
      this.#settings = await this.#load(line.file, line.extra)
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error
      if (line.isTest) {
        await this.#say(`[emerg] ${error.message}`)
        await this.#say(`configuration file ${line.file} test failed`)
        return 1
      }
      return this.#emergency(error.message)
    }
    if (line.isTest) {
      if (!line.isQuiet) {
        await this.#say(`the configuration file ${line.file} syntax is ok`)
        await this.#say(`configuration file ${line.file} test is successful`)
      }
      return 0
    }
    if (line.signal !== undefined) return this.#signalMaster(line.signal)
    if (this.#settings.isDaemon) {
      const [name = 'nginx', ...rest] = process.argv
      process.spawn({ argv: [name, ...rest, '-g', 'daemon off;'], program: nginxProgram(this.#version), group: 'new' })
      return 0
    }
    return this.#serve(line)
  }

  async #readCommandLine(): Promise<CommandLine | number> {
    const words = this.#process.argv.slice(1)
    let file = `${prefix}nginx.conf`
    let extra = ''
    let isTest = false
    let isQuiet = false
    let signal: string | undefined
    while (words.length > 0) {
      const word = words.shift()!
      if (!word.startsWith('-')) {
        await this.#say(`invalid option: "${word}"`)
        return 1
      }
      for (let letters = word.slice(1); letters !== ''; letters = letters.slice(1)) {
        const letter = letters[0]!
        const takesValue = 'cgseEp'.includes(letter)
        const value = takesValue ? letters.slice(1) || words.shift() : undefined
        if (takesValue && value === undefined) {
          await this.#say(
            `option "-${letter}" requires ${letter === 'g' ? 'parameter' : letter === 's' ? 'parameter' : 'file name'}`,
          )
          return 1
        }
        if (letter === 'v' || letter === 'V') {
          await this.#process.stderr.write(`nginx version: nginx/${this.#version}\n`)
          return 0
        }
        if (letter === 't') isTest = true
        else if (letter === 'q') isQuiet = true
        else if (letter === 'c') file = value!
        else if (letter === 'g') extra += `${value}\n`
        else if (letter === 's') {
          if (!['stop', 'quit', 'reopen', 'reload'].includes(value!)) {
            await this.#say(`invalid option: "-s ${value}"`)
            return 1
          }
          signal = value
        } else if (!'pe'.includes(letter)) {
          await this.#say(`invalid option: "${letter}"`)
          return 1
        }
        if (takesValue) break
      }
    }
    return { file, extra, isTest, isQuiet, signal }
  }

  async #load(file: string, extra: string): Promise<Settings> {
    const settings = readSettings([...parseConfiguration(extra, 'command line', () => []), ...this.#parse(file)])
    for (const { target, place } of settings.proxied) {
      const host = target.replace(/:\d+$/, '')
      const isUpstream = settings.upstreams.some(upstream => upstream.name === host)
      if (isUpstream || host.includes('$') || parseIpv4(host) !== undefined) continue
      try {
        await resolveHost(this.#process, host, 4)
      } catch (error) {
        if (!(error instanceof ResolveError)) throw error
        throw new ConfigurationError(`host not found in upstream "${target}" in ${place}`)
      }
    }
    return settings
  }

  #parse(file: string) {
    const { files } = this.#process
    const read = (path: string): string => {
      try {
        return files.readText(path)
      } catch (error) {
        if (!(error instanceof FileError)) throw error
        throw new ConfigurationError(`open() "${path}" failed (${error.code === 'ENOENT' ? 2 : 13}: ${error.text})`)
      }
    }
    return parseConfiguration(read(file), file, pattern => {
      const path = pattern.startsWith('/') ? pattern : prefix + pattern
      if (!/[*?[]/.test(path)) return [[path, read(path)]]
      const directory = path.slice(0, path.lastIndexOf('/'))
      const name = new RegExp(
        `^${path
          .slice(directory.length + 1)
          .replace(/[.+^${}()|\\]/g, '\\$&')
          .replaceAll('*', '[^/]*')
          .replaceAll('?', '[^/]')}$`,
      )
      if (!files.isDirectory(directory)) return []
      return files
        .list(directory)
        .filter(each => !each.startsWith('.') && name.test(each))
        .map(each => [`${directory}/${each}`, read(`${directory}/${each}`)] as const)
    })
  }

  async #serve(line: CommandLine): Promise<number> {
    const process = this.#process
    const refused = await this.#bind()
    if (refused !== undefined) return refused
    process.files.writeText(this.#settings!.pidFile, `${process.pid}\n`)
    const kernel = process.files.exists('/proc/sys/kernel/osrelease')
      ? process.files.readText('/proc/sys/kernel/osrelease').trim()
      : '6.1.0'
    this.#note('using the "epoll" event method')
    this.#note(`nginx/${this.#version}`)
    this.#note(`OS: Linux ${kernel}`)
    this.#note('getrlimit(RLIMIT_NOFILE): 20000:20000')
    this.#startWorkers()
    for (;;) {
      const signal = await process.wait<string>(wake => {
        for (const name of ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGUSR1'])
          process.onSignal(name, () => wake(name))
      })
      const number = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15, SIGUSR1: 10 }[signal]
      if (signal === 'SIGHUP') await this.#reload(line, number!)
      else if (signal !== 'SIGUSR1') return this.#stop(signal, number!)
    }
  }

  /** Takes the ports; waits and tries again while others hold them. Gives the exit status when that fails. */
  async #bind(): Promise<number | undefined> {
    const wanted = this.#endpoints()
    for (const [key, listening] of this.#listening) {
      if (wanted.has(key)) continue
      listening.close()
      this.#listening.delete(key)
    }
    for (let attempt = 1; ; attempt++) {
      let hasFailed = false
      for (const [key, { address, port }] of wanted) {
        if (this.#listening.has(key)) continue
        try {
          this.#listening.set(key, this.#listen(address, port))
        } catch (error) {
          if (!(error instanceof SocketError)) throw error
          hasFailed = true
          const reason = bindFailures[error.code] ?? `22: ${error.code}`
          await this.#complainLoudly(`bind() to ${key} failed (${reason})`)
          if (error.code !== 'EADDRINUSE') return 1
        }
      }
      if (!hasFailed) return undefined
      if (attempt > bindAttempts) {
        await this.#complainLoudly('still could not bind()')
        return 1
      }
      this.#note('try again to bind() after 500ms')
      await this.#process.sleep(bindPause)
    }
  }

  #endpoints() {
    const all = this.#settings!.servers.flatMap(server => server.listens)
    const general = new Set(all.filter(each => each.address === undefined).map(each => each.port))
    return new Map(
      all
        .filter(each => each.address === undefined || !general.has(each.port))
        .map(({ address, port }) => [`${address ?? '0.0.0.0'}:${port}`, { address, port }]),
    )
  }

  #listen(address: string | undefined, port: number): TcpListening {
    const own = address === undefined ? undefined : parseIpv4(address)
    return serveHttp(this.#process, port, request => this.#answer(request), {
      ...(own === undefined ? {} : { address: own }),
      idleTimeout: 65_000,
      badRequest: () => ({
        status: 400,
        headers: { Server: `nginx/${this.#version}`, 'Content-Type': 'text/html', Connection: 'close' },
        body: statusPage(400, 'Bad Request', `nginx/${this.#version}`),
      }),
    })
  }

  async #answer(request: HttpRequest): Promise<HttpAnswer> {
    const { machine, files } = this.#process
    const worker = this.#workers[0]?.pid ?? this.#process.pid
    const number = ++this.#requests
    const exchange = new Exchange(request, {
      files,
      version: this.#version,
      hostname: machine.hostname,
      random: this.#process.kernel.random,
      get now() {
        return machine.now()
      },
      servers: this.#settings!.servers,
      proxy: (target, asked, headers) => this.#proxy(target, asked, headers, message => complain('error', message)),
      complain: (level, message) => complain(level, message),
      status: () =>
        `Active connections: ${this.#connections + 1} \nserver accepts handled requests\n ${number} ${number} ${number} \nReading: 0 Writing: 1 Waiting: 0 \n`,
    })
    const complain = (level: string, message: string) => this.#log(level, `*${number} ${message}`, worker)
    const answer = await exchange.answer()
    const length = typeof answer.body === 'string' ? new TextEncoder().encode(answer.body).length : 0
    const sent = request.method === 'HEAD' ? 0 : length
    for (const { path, format } of exchange.scope.accessLog) {
      const line = this.#settings!.formats.get(format)!.replace(
        /\$\{?body_bytes_sent\}?|\$\{?bytes_sent\}?/g,
        String(sent),
      )
      this.#logFile(path).write(`${exchange.expand(line, '-')}\n`)
    }
    return answer
  }

  #proxy(
    target: string,
    request: HttpRequest,
    headers: readonly (readonly [string, string])[],
    complain: (message: string) => void,
  ): Promise<HttpAnswer | 502 | 504> {
    const upstream = this.#settings!.upstreams.find(each => each.name === target.replace(/:\d+$/, ''))
    if (!upstream) return passOn(this.#process, target, request, headers, complain)
    const turn = this.#turns.get(upstream.name) ?? 0
    this.#turns.set(upstream.name, turn + 1)
    return passOn(this.#process, upstream.servers[turn % upstream.servers.length]!, request, headers, complain)
  }

  #startWorkers(): void {
    this.#note('start worker processes')
    const { user: own, machine } = this.#process
    const user = own.uid === 0 ? (machine.users.byName(this.#settings!.user) ?? own) : own
    // Simplified: the master answers; the workers are there to be seen.
    for (let i = 0; i < (this.#settings!.workers ?? 2); i++) {
      const worker = startWorker(this.#process, user)
      this.#workers.push(worker)
      this.#note(`start worker process ${worker.pid}`)
    }
  }

  #stopWorkers(how: string): void {
    for (const worker of this.#workers.splice(0)) {
      if (how === 'SIGQUIT') this.#log('notice', 'gracefully shutting down', worker.pid)
      this.#log('notice', 'exiting', worker.pid)
      this.#log('notice', 'exit', worker.pid)
      worker.kill('SIGKILL')
      this.#note(`signal 17 (SIGCHLD) received from ${worker.pid}`)
      this.#note(`worker process ${worker.pid} exited with code 0`)
    }
  }

  async #reload(line: CommandLine, number: number): Promise<void> {
    this.#note(`signal ${number} (SIGHUP) received, reconfiguring`)
    this.#note('reconfiguring')
    try {
      this.#settings = await this.#load(line.file, line.extra)
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error
      this.#log('emerg', error.message, this.#process.pid)
      return
    }
    await this.#bind()
    const old = this.#workers.splice(0)
    this.#startWorkers()
    const fresh = this.#workers
    this.#workers = old
    this.#stopWorkers('SIGQUIT')
    this.#workers = fresh
  }

  async #stop(signal: string, number: number): Promise<number> {
    this.#note(`signal ${number} (${signal}) received, ${signal === 'SIGQUIT' ? 'shutting down' : 'exiting'}`)
    for (const listening of this.#listening.values()) listening.close()
    this.#stopWorkers(signal)
    this.#note('exit')
    await this.#process.sleep(20)
    return 0
  }

  async #signalMaster(word: string): Promise<number> {
    const { files, machine } = this.#process
    const { pidFile } = this.#settings!
    const text = files.exists(pidFile) ? files.readText(pidFile).trim() : undefined
    if (text === undefined) {
      await this.#say(`[error] open() "${pidFile}" failed (2: No such file or directory)`)
      return 1
    }
    const signal = { stop: 'SIGTERM', quit: 'SIGQUIT', reopen: 'SIGUSR1', reload: 'SIGHUP' }[word]!
    const master = machine.processes.get(Number(text))
    if (!master) {
      await this.#say(`[alert] kill(${text}, ${signal === 'SIGHUP' ? 1 : 15}) failed (3: No such process)`)
      return 1
    }
    await this.#process.stderr.write(`${this.#stamp('notice', this.#process.pid)} signal process started\n`)
    master.kill(signal)
    return 0
  }

  /** What goes to the error log and, because nobody may be reading it yet, to stderr as well. */
  async #complainLoudly(message: string): Promise<void> {
    this.#log('emerg', message, this.#process.pid)
    await this.#process.sleep(0)
    await this.#say(`[emerg] ${message}`)
  }

  async #emergency(message: string): Promise<number> {
    await this.#process.stderr.write(`${this.#stamp('emerg', this.#process.pid)} ${message}\n`)
    await this.#say(`[emerg] ${message}`)
    return 1
  }

  #say(text: string): Promise<void> {
    return this.#process.stderr.write(`nginx: ${text}\n`)
  }

  #note(text: string): void {
    this.#log('notice', text, this.#process.pid)
  }

  #log(level: string, text: string, pid: number): void {
    this.#logFile(this.#settings?.errorLog ?? '/var/log/nginx/error.log').write(`${this.#stamp(level, pid)} ${text}\n`)
  }

  #logFile(path: string): LogFile {
    let file = this.#logs.get(path)
    if (!file) {
      file = new LogFile(this.#process, path)
      this.#logs.set(path, file)
    }
    return file
  }

  /** `2026/03/02 09:00:00 [notice] 1#1:`. */
  #stamp(level: string, pid: number): string {
    const time = new Date(this.#process.machine.now()).toISOString()
    return `${time.slice(0, 19).replaceAll('-', '/').replace('T', ' ')} [${level}] ${pid}#${pid}:`
  }
}
