import { NetworkInterface } from './interface.ts'

/** An interface that swallows what is sent to it; good for holding addresses. */
export class Dummy extends NetworkInterface {
  readonly kind = 'dummy'

  override get usesArp(): boolean {
    return false
  }

  override get state(): 'DOWN' | 'UNKNOWN' {
    return this.isUp ? 'UNKNOWN' : 'DOWN'
  }

  protected override get ownFlags(): readonly string[] {
    return ['BROADCAST', 'NOARP']
  }

  protected carry(): void {}
}
