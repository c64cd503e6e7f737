/**
 * The bash functions that our side of the protocol talks to. Builtins only where
 * possible: under emulation each process costs more than a screen of text.
 *
 * A command's output is kept in `o` until the next command, so that it can be
 * asked for again when the line garbled it, without running the command again.
 */

/** A line that a serial tty takes whole: it drops what is beyond 4095 bytes silently. */
export const LONGEST_LINE = 1000
/** At 115200 baud this takes 23 s; whatever is longer is a mistake. */
export const LONGEST_OUTPUT = 262_144

/**
 * `_r NONCE LENGTH WORDS…` runs a command, if its words arrived with that length (else `@NONCE?`). It prints
 * `@NONCE<` and the command, runs it, and then as `_p`: `@NONCE=code length`, the output, `@NONCE>`. `_b NONCE` prints
 * the output again in base64 with its checksum; `_q NONCE` prints `@NONCE~` and the nonce of the last command begun.
 * `_f` and `_w` read and write files, `_s` sums up its input.
 */
const FUNCTIONS = [
  `_r(){ local m=$1 l=$2;shift 2;o="$*";[ \${#o} = $l ]||{ echo "@$m?";return;};n=$m;printf "@$n<";printf " %q" "$@";echo;o=$("$@" 2>&1 </dev/null;echo "#$?");c=\${o##*#};o=\${o%#*};_p;}`,
  `_h(){ echo "@$1=$c \${#o}";}`,
  `_p(){ _h $n;[ \${#o} -gt ${LONGEST_OUTPUT} ]||printf "%s\\n" "$o";echo "@$n>";}`,
  '_b(){ _h $1;printf %s "$o"|base64;printf %s "$o"|_s;echo "@$1>";}',
  '_q(){ echo "@$1~$n";}',
  '_s(){ sha256sum 2>/dev/null||cksum;}',
  '_f(){ [ -f "$1" ]||return 3;head -c "$2" "$1"|base64;head -c "$2" "$1"|_s;}',
  '_w(){ (umask 077;printf %s "$x"|base64 -d >"$1")&&_s <"$1";}',
]

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/**
 * The lines that turn any bash without echo and line editing into one that answers: no history, a prompt of its own.
 * The last one makes it say `@` and `proof`, which stands in none of them in one piece.
 */
export function setUpLines(prompt: string, proof: string): string[] {
  return inLines([
    'stty -echo -ixon cols 1000 rows 1000',
    'set +o history',
    'unset HISTFILE PROMPT_COMMAND TMOUT LS_COLORS',
    `export LC_ALL=C TERM=dumb PATH=${PATH}`,
    `PS1=${inHalves(`@${prompt}# `)} PS2= IGNOREEOF=1000 histchars= n= o= c= x=`,
    ...FUNCTIONS,
    `echo ${inHalves(`@${proof}`)}`,
  ])
}

/** As few lines as the tty's limit allows: each is answered with a prompt. */
function inLines(commands: readonly string[]): string[] {
  const lines: string[] = []
  for (const command of commands) {
    const last = lines.at(-1)
    if (last === undefined || last.length + command.length >= LONGEST_LINE) lines.push(command)
    else lines[lines.length - 1] = `${last};${command}`
  }
  return lines
}

/** Typed in two halves that only the shell joins: whoever reads the whole reads an answer, not the echo. */
export function inHalves(text: string): string {
  const middle = Math.ceil(text.length / 2)
  return `'${text.slice(0, middle)}''${text.slice(middle)}'`
}
