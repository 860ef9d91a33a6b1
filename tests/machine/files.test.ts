import { describe, expect, test } from 'vitest'
import { FileSystem } from '../../src/simulator/machine/files.ts'
import type { Program } from '../../src/simulator/machine/program.ts'

const learner = { uid: 1000, gid: 1000 }
const program: Program = { name: 'true', summary: '', run: () => 0 }

function empty(): FileSystem {
  return new FileSystem({ now: () => 0 })
}

describe('paths', () => {
  test('links are followed, also in the middle and upwards', () => {
    const files = empty()
    files.mkdir('/a/b', { parents: true })
    files.writeText('/a/b/f', 'text')
    files.symlink('/a', '/link')
    files.symlink('../f', '/a/b/up')
    files.writeText('/a/f', 'above')
    expect(files.readText('/link/b/f')).toBe('text')
    expect(files.readText('/link/b/up')).toBe('above')
    expect(files.realPath('/link/b/up')).toBe('/a/f')
    expect(files.readText('/a/b/../../a/./f')).toBe('above')
  })

  test('a circle of links is an error', () => {
    const files = empty()
    files.symlink('b', '/a')
    files.symlink('a', '/b')
    expect(() => files.readText('/a')).toThrow('/a: Too many levels of symbolic links')
  })

  test.each([
    ['/nothing', 'No such file or directory'],
    ['/file/below', 'Not a directory'],
    ['/directory', 'Is a directory'],
    ['/none/file', 'No such file or directory'],
  ])('reading %s says %s', (path, text) => {
    const files = empty()
    files.writeText('/file', '')
    files.mkdir('/directory')
    expect(() => files.readText(path)).toThrow(`${path}: ${text}`)
  })

  test('a link that leads nowhere exists as a link only', () => {
    const files = empty()
    files.symlink('/nowhere', '/link')
    expect(files.exists('/link')).toBe(false)
    expect(files.lstat('/link').kind).toBe('link')
    files.writeText('/link', 'made behind the link')
    expect(files.readText('/nowhere')).toBe('made behind the link')
  })
})

describe('changing', () => {
  test('rename replaces a file and refuses to put a directory into itself', () => {
    const files = empty()
    files.writeText('/a', 'a')
    files.writeText('/b', 'b')
    files.rename('/a', '/b')
    expect(files.list('/')).toEqual(['b'])
    expect(files.readText('/b')).toBe('a')
    files.mkdir('/d/e', { parents: true })
    expect(() => files.rename('/d', '/d/e/f')).toThrow('Invalid argument')
  })

  test('a directory is removed when it is empty', () => {
    const files = empty()
    files.mkdir('/d/e', { parents: true })
    expect(() => files.removeDirectory('/d')).toThrow('/d: Directory not empty')
    expect(() => files.remove('/d')).toThrow('/d: Is a directory')
    files.removeTree('/d')
    expect(files.exists('/d')).toBe(false)
  })

  test('two names of one file share what is written', () => {
    const files = empty()
    files.writeText('/a', 'one')
    files.link('/a', '/b')
    files.append('/b', ' two')
    expect(files.readText('/a')).toBe('one two')
    expect(files.stat('/a').links).toBe(2)
    files.remove('/a')
    expect(files.stat('/b').links).toBe(1)
  })

  test('those who watch a file hear of its changes', () => {
    const files = empty()
    files.writeText('/log', '')
    let count = 0
    const stop = files.onChange('/log', () => count++)
    files.append('/log', 'line\n')
    stop()
    files.append('/log', 'line\n')
    expect(count).toBe(1)
  })

  test('a file that is open stays readable when it is removed', () => {
    const files = empty()
    files.writeText('/a', 'text')
    const stream = files.open('/a', { read: true })
    files.remove('/a')
    expect('take' in stream && stream.take()).toBe('text')
  })
})

describe('rights', () => {
  test('who is not root may write only what is theirs', () => {
    const files = empty()
    files.mkdir('/home/learner', { parents: true })
    files.chown('/home/learner', 1000, 1000)
    files.writeText('/etc', '')
    files.writeText('/secret', 'x', 0o600)
    const own = files.as(learner)
    own.writeText('/home/learner/f', 'mine')
    expect(own.stat('/home/learner/f')).toMatchObject({ uid: 1000, gid: 1000, mode: 0o644 })
    expect(() => own.writeText('/etc', 'x')).toThrow('/etc: Permission denied')
    expect(() => own.writeText('/new', 'x')).toThrow('/new: Permission denied')
    expect(() => own.readText('/secret')).toThrow('/secret: Permission denied')
    expect(() => own.chmod('/etc', 0o777)).toThrow('Operation not permitted')
  })

  test('in a sticky directory only owners remove', () => {
    const files = empty()
    files.mkdir('/tmp', { mode: 0o1777 })
    files.writeText('/tmp/f', '')
    expect(() => files.as(learner).remove('/tmp/f')).toThrow('Operation not permitted')
    files.as(learner).writeText('/tmp/g', '')
    files.as(learner).remove('/tmp/g')
  })

  test('a directory without x cannot be passed', () => {
    const files = empty()
    files.mkdir('/d', { mode: 0o700 })
    files.writeText('/d/f', '')
    expect(() => files.as(learner).readText('/d/f')).toThrow('Permission denied')
  })
})

describe('layers', () => {
  test('file systems of one image do not see each other', () => {
    const image = empty()
    image.mkdir('/etc')
    image.writeText('/etc/hostname', 'image')
    image.install('/bin/true', program)
    const root = image.freeze()
    const one = new FileSystem({ now: () => 0, image: root })
    const other = new FileSystem({ now: () => 0, image: root })
    one.writeText('/etc/hostname', 'one')
    one.remove('/bin/true')
    image.writeText('/etc/hostname', 'changed later')
    expect(other.readText('/etc/hostname')).toBe('image')
    expect(other.program('/bin/true')?.program).toBe(program)
  })

  test('a snapshot tells what is different from the image', () => {
    const image = empty()
    image.mkdir('/etc')
    image.writeText('/etc/a', 'a')
    image.writeText('/etc/b', 'b')
    const files = new FileSystem({ now: () => 0, image: image.freeze() })
    expect(files.snapshot()).toEqual({})
    files.writeText('/etc/a', 'new')
    files.remove('/etc/b')
    files.symlink('a', '/etc/c')
    expect(files.snapshot()).toEqual({
      '/etc/a': { kind: 'file', mode: 0o644, uid: 0, gid: 0, text: 'new' },
      '/etc/b': null,
      '/etc/c': { kind: 'link', mode: 0o777, uid: 0, gid: 0, target: 'a' },
    })
  })

  test('a thousand roots of one image are quickly made', () => {
    const image = empty()
    for (let i = 0; i < 300; i++) image.install(`/usr/bin/program${i}`, program)
    const root = image.freeze()
    const roots = Array.from({ length: 1000 }, () => new FileSystem({ now: () => 0, image: root }))
    for (const files of roots) expect(files.tree.root).toBe(root)
  })
})

describe('mounts', () => {
  test('another file system appears at a path, read-only where asked', () => {
    const files = empty()
    files.mkdir('/data')
    const volume = empty()
    volume.mkdir('/sub')
    volume.writeText('/sub/f', 'volume')
    files.mount('/data', volume, { root: '/sub', isReadOnly: true })
    expect(files.readText('/data/f')).toBe('volume')
    expect(() => files.writeText('/data/f', 'x')).toThrow('/data/f: Read-only file system')
    expect(() => files.removeTree('/data')).toThrow()
    files.unmount('/data')
    expect(files.list('/data')).toEqual([])
  })

  test('a single file can be mounted over another', () => {
    const files = empty()
    files.writeText('/hosts', 'image')
    const volume = empty()
    volume.writeText('/etc-hosts', 'kubelet')
    files.mount('/hosts', volume, { root: '/etc-hosts' })
    files.append('/hosts', '!')
    expect(volume.readText('/etc-hosts')).toBe('kubelet!')
  })

  test('moving between file systems is refused, as by rename(2)', () => {
    const files = empty()
    files.mkdir('/data')
    files.writeText('/f', '')
    files.mount('/data', empty())
    expect(() => files.rename('/f', '/data/f')).toThrow('Invalid cross-device link')
  })
})
