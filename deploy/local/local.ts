/**
 * `npm run local`: everything stays up, and the chat page is the way in. Ctrl-C
 * ends every process that was started.
 */
import { parseArgs } from 'node:util'
import { readMachinesFile } from './machines/machines-file.ts'
import { untilInterrupted } from './processes.ts'
import { setUp } from './setup.ts'
import { type Running, start } from './start.ts'

await main()

async function main(): Promise<void> {
  using interrupted = untilInterrupted()
  try {
    const { values } = parseArgs({
      options: { machines: { type: 'string' }, port: { type: 'string', default: '8025' } },
    })
    await local(values.machines, Number(values.port), interrupted.signal)
  } catch (thrown) {
    if (!interrupted.signal.aborted) {
      say(thrown instanceof Error ? thrown.message : String(thrown))
      process.exitCode = 1
    }
  }
  say('everything that was started has ended')
}

async function local(file: string | undefined, pagePort: number, signal: AbortSignal): Promise<void> {
  const ready = await setUp({ for: 'demo', images: file === undefined }, say, signal)
  const machines = file === undefined ? ready.machines : await readMachinesFile(file)
  await using running = await start({ machines, acceleration: ready.acceleration, pagePort, movesClock: true }, signal)
  explain(running)
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
  say('\nending; a machine that is down for maintenance is booted normally first')
}

function explain({ slack, oci, machines, directory }: Running): void {
  say(`\nchat page       ${slack.pageUrl}`)
  say('try             /oci-rescue, or /oci-rescue replace-key web-1 opc     (switch the user at the top to approve)')
  say('time            passes at once with the clock at the top: reminders come, approvals expire')
  for (const [name, { sshd, spec }] of machines) {
    const [id = ''] = oci.instanceIds(name)
    say(`${name.padEnd(15)} ssh -p ${sshd.port} ${spec.user}@${sshd.host}     ${id}`)
  }
  say(`logs            ${directory}`)
  say('\nCtrl-C ends all of it.')
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
