/**
 * The functions on the machine that our side of the protocol talks to: a set for bash, in which a command costs one
 * fork and its output is readable on the console, and a set for any POSIX sh. Builtins where possible: under
 * emulation each process costs more than a screen of text.
 *
 * Questions and answers carry a number, the question's name. What is asked (`_r NAME SUM`, and on the next line the
 * command behind `####`) is a comment to a shell that lost the first half, and is run only when its sum is right.
 */
import { encodingOf } from './encoding.ts'
import { quotePosix } from './quote.ts'
import { MODULUS, MULTIPLIER, SHORT_TEXT } from './sums.ts'
import type { Surroundings } from './surroundings.ts'

/** A line that a serial tty takes whole: it drops what is beyond 4095 bytes silently; busybox takes 1023. */
export const LONGEST_LINE = 1000
/** At 115200 baud this takes 23 s; whatever is longer is a mistake. */
export const LONGEST_OUTPUT = 262_144
/** What stands before a typed command; more than one, so that losing one does not bare the rest. */
export const GUARD = '####'
/** The exit code of a command that has not ended. */
export const RUNNING = 999

const TIMES = `*${MULTIPLIER}+`
const REST = `%${MODULUS}`
const READ = `IFS= read -r y;y=\${y#"${GUARD}"};m=$1`

/**
 * - `_r NAME SUM`, then the words of a command: runs it if the sum is right, else prints `@NAME?@NAME?`. Prints
 *   `@NAME<` and the command; then the answer `@NAME=code bytes check`, the output, `@NAME>sum`. Where the output would
 *   not pass a terminal as it is, `!` stands in place of `=`, and `_d` is to be asked.
 * - `_n` is the same for any line of a sh: without an answer. `_y` and `_z` are `_r` and `_n` for a command in `x`.
 * - `_q NAME` prints `@NAME~` with name and exit code of the last command begun.
 * - `_a NAME at SUM`, then text: appends it to `x` if that has so many characters and the text is right, and prints how
 *   many it has then. In place of the sum its length may stand, behind a `=`.
 * - `_p NAME SUM` takes the functions that are in `x`. `_f PATH LENGTH` prints a file, `_w PATH` writes what `x` means.
 * - `_t TEXT` leaves its sum in `k`; `_k` works it out without a process.
 */
const ALWAYS = [
  `_r(){ ${READ};_v "$@"&&eval "_x $y";}`,
  `_n(){ ${READ};_v "$@"&&eval "$y";}`,
  '_y(){ m=$1 y=$x;_v "$@"&&eval "_x $y";}',
  '_z(){ m=$1 y=$x;_v "$@"&&eval "$y";}',
  `_v(){ _t "$y";[ "$1" != "$n" ]&&[ "$k" = "$2" ]||{ echo "@$1?@$1?";return 1;};n=$1;c=${RUNNING};e=;o=;z=;printf "@$n< %.160s\\n" "$y";}`,
  `_h(){ echo "@$m$1$c $2 $(((((m${TIMES}n)${REST}${TIMES}c)${REST}${TIMES}$2)${REST}))";}`,
  `_q(){ m=$1;echo "@$m~$n $c $((((m${TIMES}n)${REST}${TIMES}c)${REST}))";}`,
  `_a(){ ${READ};[ "$2" != 0 ]||{ j=$1;x=;};k="=\${#y}";[ "$k" = "$3" ]||{ k=$m;_k "$y";};[ "$1 $2 $3" != "$j \${#x} $k" ]||x=$x$y;echo "@$1:\${#x}";}`,
  '_p(){ k=$1;_k "$x";[ "$k" != "$2" ]||eval "$x";echo "@$1:$k";}',
]

/**
 * For an output that did not come through: `_d NAME` prints `@NAME#code lines check`, all of it in numbered lines,
 * and their sum, twice; `_b NAME from to …` some of the lines again, each with a sum of its own.
 */
const LINES = [
  '_g(){ i=0;for l in $e;do i=$((i+1));[ "$1" ]||break;[ $i -ge $1 ]||continue;k=$((m+i));_k "$l";echo "$i:$k:$l";[ $i != $2 ]||shift 2;done;}',
  '_d(){ m=$1;[ "$e" ]||_e;_l;}',
  '_b(){ m=$1;shift;[ "$e" ]||_e;_g "$@";set -- $e;_h "#" $#;[ ! "$s" ]||_t "$e";echo "@$m>$k $k";}',
]

/** The output passes through a file that lost its name at once: nothing of it is left behind, however this ends. */
const ALWAYS_IN_BASH = [
  '_o(){ exec 8>$f 9<$f&&rm -f $f&&g=1;}',
  `_t(){ k=$m;if [ "$s" ]&&[ \${#1} -gt ${SHORT_TEXT} ];then [ "$g" ]||_o;g=;printf %s "$m$1" >&8;v=$($s <&9);g=1;k=+\${v%% *};else _k "$1";fi;}`,
  `_k(){ local a=$1 i v;for((i=0;i<\${#a};i++));do printf -v v %d "'\${a:i:1}";k=$(((k${TIMES}(v&255))${REST}));done;}`,
  `_x(){ [ "$g" ]||_o;g=;("$@") >&8 2>&1 </dev/null 8>&- 9<&-;c=$?;IFS= read -r -d "" -n ${LONGEST_OUTPUT + 1} o <&9&&z=1||g=1;if [ "$z" ]||[[ $o == *[$'\\001'-$'\\010'$'\\013'-$'\\037'$'\\177']* ]];then _h ! \${#o};else _h = \${#o};[ ! "$o" ]||{ printf "%s\\n" "$o";_t "$o";echo "@$m>$k";};fi;}`,
]

/** A variable ends where a NUL stood; what follows it is still in the file. */
const LINES_IN_BASH = ['_e(){ e=$({ printf %s "$o";[ ! "$z" ]||{ printf "\\0";_c <&9;};}|_E);}']

/** A sh's variables hold no NUL, and its read is slow: the output is put into lines at once. */
const alwaysInSh = (limiter: Surroundings['limiter']) => [
  `_t(){ k=$m;if [ "$s" ]&&[ \${#1} -gt ${SHORT_TEXT} ];then v=$(printf %s "$m$1"|$s);k=+\${v%% *};else _k "$1";fi;}`,
  `_k(){ a=$1;while [ "$a" ];do set --;while [ "$a" ]&&[ $# -lt 99 ];do t=\${a#?};set -- "$@" "'\${a%"$t"}";a=$t;done;for v in $(printf "%d " "$@");do k=$(((k${TIMES}(v&255))${REST}));done;done;}`,
  `_x(){ e=$({ ("$@") 2>&1 </dev/null;echo "#$?";}|${limiter === undefined ? '' : '_c|'}_E);c=0;_l;}`,
  '_e(){ :;}',
  '_i(){ i=$((i+1));[ $i != 32 ]||{ i=0;echo;};}',
]

/** The functions and the settings to begin with: no history, no prompts but ours. To be evaluated when their sum is right. */
export function remoteFunctions(surroundings: Surroundings, prompt: string): string {
  const { shell, sum = '', encoder, limiter, place = '' } = surroundings
  const write = encoder === 'base64' ? 'printf %s "$x"|base64 -d' : 'printf %b "$x"'
  const parts = [
    'unset HISTFILE PROMPT_COMMAND TMOUT LS_COLORS',
    'export LC_ALL=C TERM=dumb',
    `PS1="@""${prompt}# " PS2= IGNOREEOF=1000 histchars= n=0 c=0 e= o= x= z= g= j= s=${sum}`,
    ...ALWAYS,
    `_f(){ [ -f "$1" ]||return 3;${copyScript(surroundings, '$2')} <"$1";}`,
    `_w(){ (umask 077;${write} >"$1")&&{ [ ! "$s" ]||$s <"$1";};}`,
    ...(shell === 'bash'
      ? ['set +o history', `f=${place}/.oci-rescue-$$`, ...ALWAYS_IN_BASH, '_o']
      : [...alwaysInSh(limiter), linesFunctions(surroundings)]),
  ]
  return parts.join(';')
}

/** What bash gets only when it is needed: most rescues never do. */
export function linesFunctions(surroundings: Surroundings): string {
  const { shell, sum, hasCat } = surroundings
  const { bytesPerLine, script } = encodingOf(surroundings)
  const lines = mostLines(bytesPerLine)
  // Under emulation a loop over a thousand lines takes ten times as long as a process.
  const number = hasCat ? 'printf "%s\\n" "$e"|cat -n' : 'i=0;for l;do i=$((i+1));echo "$i:$l";done'
  const each = sum === undefined ? '_g 1 $#' : `${number};_t "$e"`
  return [
    ...LINES,
    `_l(){ set -- $e;_h "#" $#;[ $# -gt ${lines} ]||{ ${each};};echo "@$m>$k $k";}`,
    `_E(){ ${script};}`,
    // One more than the longest output: enough to show that it is too long.
    `_c(){ ${copyScript(surroundings, `${(lines + 1) * bytesPerLine}`)};}`,
    ...(shell === 'bash' ? LINES_IN_BASH : []),
  ].join(';')
}

/** Standard input to standard output: as much of it as `most` says where that is possible. */
function copyScript({ limiter, isBash }: Surroundings, most: string): string {
  if (limiter === 'head') return `head -c ${most}`
  if (limiter === 'cat') return 'cat'
  return isBash
    ? '{ while IFS= read -r -d "" a;do printf "%s\\0" "$a";done;printf %s "$a";}'
    : '{ while IFS= read -r a;do printf "%s\\n" "$a";done;printf %s "$a";}'
}

/** Lines of the longest output; behind the output of a sh stands its exit code. */
export function mostLines(bytesPerLine: number): number {
  return Math.ceil((LONGEST_OUTPUT + 8) / bytesPerLine)
}

/** Typed lines that put `text` into the shell's variable `x`. */
export function assignmentLines(text: string): readonly string[] {
  const pieces = text.match(/.{1,700}/gs) ?? []
  return pieces.map((piece, index) => `x=${index === 0 ? '' : '$x'}${quotePosix(piece)}`)
}

/** Typed in two halves that only the shell joins: whoever reads the whole reads an answer, not the echo. */
export function inHalves(text: string): string {
  const middle = Math.ceil(text.length / 2)
  return `'${text.slice(0, middle)}''${text.slice(middle)}'`
}
