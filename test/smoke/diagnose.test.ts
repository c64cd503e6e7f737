/** `npm run diagnose`, as somebody types it. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['workers/diagnose.ts', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

describe('npm run diagnose', () => {
  it('prints the findings as JSON, and nothing else', () => {
    const { status, stdout } = run('test/logs/fstab-missing-device-oracle-linux-8.log')

    expect(status).toBe(0)
    expect(JSON.parse(stdout)[0]).toEqual({
      class: 'fstab-missing-device',
      severity: 'critical',
      confidence: 'certain',
      evidence: expect.arrayContaining([{ line: 100, text: '[DEPEND] Dependency failed for /data.' }]),
      explanation: expect.stringContaining('UUID=4e5f6a7b-8c9d-4e0f-8a1b-2c3d4e5f6a7b'),
      playbook: 'fstab',
    })
  })

  it('prints an empty list for a healthy boot, and says so beside it', () => {
    const { status, stdout, stderr } = run('test/logs/healthy-oracle-linux-8.log')

    expect({ status, findings: JSON.parse(stdout) }).toEqual({ status: 0, findings: [] })
    expect(stderr).toContain('Nothing wrong was found')
  })

  it.each([
    ['without a file', [], 2, 'usage'],
    ['with a dash', ['-'], 2, 'usage'],
    ['with a file that is not there', ['no-such.log'], 1, 'cannot be read'],
    ['with a folder', ['test'], 1, 'cannot be read'],
  ])('%s, says what is wrong and prints nothing', (_, args, status, said) => {
    const done = run(...args)

    expect(done.status).toBe(status)
    expect(done.stdout).toBe('')
    expect(done.stderr).toContain(said)
  })
})
