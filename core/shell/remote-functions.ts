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

/**
 * - `_r NAME SUM`, then the command: runs it if the sum is right, else prints `@NAME?@NAME?`. `_y` takes it from `x`.
 *   Prints `@NAME<` and the command, then the answer: `@NAME=code bytes check`, the output, `@NAME>sum`; or, where
 *   the output would not pass a terminal as it is, the lines of `_l`.
 * - `_l`: `@NAME#code lines check`, numbered lines, and the sum of all, twice.
 * - `_d NAME` gives the last output in lines; `_b NAME from to …` some of them again, each with a sum of its own.
 * - `_q NAME` prints `@NAME~` with name and exit code of the last command begun.
 * - `_a NAME at SUM`, then text: appends it to `x` if that has so many characters and the text is right; prints how
 *   many it has then. In place of a sum its length may stand, behind a `=`.
 * - `_f` and `_w` read and write files; `_t TEXT` leaves its sum in `k`, `_k` works it out without a process.
 */
const COMMON = [
  `_t(){ k=$m;if [ "$s" ]&&[ \${#1} -gt ${SHORT_TEXT} ];then v=$(printf %s "$m$1"|$s);k=+\${v%% *};else _k "$1";fi;}`,
  `_j(){ k=$1;shift;for v;do k=$(((k*${MULTIPLIER}+v)%${MODULUS}));done;}`,
  '_h(){ _j $m $n $c $2;echo "@$m$1$c $2 $k";}',
  `_r(){ IFS= read -r y;y=\${y#"${GUARD}"};_v "$@";}`,
  '_y(){ y=$x;_v "$@";}',
  `_v(){ m=$1;_t "$y";[ "$1" != "$n" ]&&[ "$k" = "$2" ]||{ echo "@$1?@$1?";return;};n=$1;c=${RUNNING};e=;o=;z=;printf "@$n< %.500s\\n" "\${y#_x }";eval "$y";}`,
  '_q(){ m=$1;_j $m $n $c;echo "@$m~$n $c $k";}',
  `_a(){ IFS= read -r y;y=\${y#"${GUARD}"};m=$1;[ "$2" != 0 ]||{ j=$1;x=;};case $3 in =*) k="=\${#y}";;*) _t "$y";esac;[ "$1 $2 $3" != "$j \${#x} $k" ]||x=$x$y;echo "@$1:\${#x}";}`,
  '_g(){ i=0;for l in $e;do i=$((i+1));[ "$1" ]||break;[ $i -ge $1 ]||continue;k=$((m+i));_k "$l";echo "$i:$k:$l";[ $i != $2 ]||shift 2;done;}',
  '_d(){ m=$1;[ "$e" ]||_e;_l;}',
  '_b(){ m=$1;shift;[ "$e" ]||_e;_g "$@";set -- $e;_h "#" $#;[ ! "$s" ]||_t "$e";echo "@$m>$k $k";}',
]

const FOR_BASH = [
  `_k(){ local a=$1 i v;for((i=0;i<\${#a};i++));do printf -v v %d "'\${a:i:1}";k=$(((k*${MULTIPLIER}+(v&255))%${MODULUS}));done;}`,
  // The output passes through a file that lost its name at once: nothing of it is left behind, however this ends.
  '_o(){ (umask 077;:>$f)&&exec 8>$f 9<$f&&rm -f $f&&g=1;}',
  `_x(){ [ "$g" ]||_o;g=;("$@") >&8 2>&1 </dev/null 8>&- 9<&-;c=$?;IFS= read -r -d "" -n ${LONGEST_OUTPUT + 1} o <&9&&z=1||g=1;_p;}`,
  `_p(){ if [ \${#o} -gt ${LONGEST_OUTPUT} ];then _h = \${#o};echo "@$m>";elif [ "$z" ]||[[ $o == *[$'\\001'-$'\\010'$'\\013'-$'\\037'$'\\177']* ]];then _e;_l;else _h = \${#o};[ ! "$o" ]||printf "%s\\n" "$o";_t "$o";echo "@$m>$k";fi;}`,
  // A variable ends where a NUL stood; what follows it is still in the file.
  '_e(){ e=$({ printf %s "$o";[ ! "$z" ]||{ printf "\\0";_c <&9;};}|_E);}',
]

/** A sh's variables hold no NUL, and its read is slow: the output is put into lines at once. */
const FOR_SH = [
  `_k(){ a=$1;while [ "$a" ];do set --;while [ "$a" ]&&[ $# -lt 99 ];do t=\${a#?};set -- "$@" "'\${a%"$t"}";a=$t;done;for v in $(printf "%d " "$@");do k=$(((k*${MULTIPLIER}+(v&255))%${MODULUS}));done;done;}`,
  `_x(){ e=$({ ("$@") 2>&1 </dev/null;echo "#$?";}|_c|_E);c=0;_l;}`,
  '_e(){ :;}',
  '_i(){ i=$((i+1));[ $i != 32 ]||{ i=0;echo;};}',
]

/** All of them, and the settings: no history, no prompts but ours. To be evaluated when its sum is right. */
export function remoteFunctions(surroundings: Surroundings, prompt: string): string {
  const { shell, sum = '', encoder, hasHead, place = '' } = surroundings
  const { bytesPerLine, script } = encodingOf(encoder, shell)
  const lines = mostLines(bytesPerLine)
  const each = sum === '' ? '_g 1 $#' : 'i=0;for l;do i=$((i+1));echo "$i:$l";done;_t "$e"'
  const parts = [
    'unset HISTFILE PROMPT_COMMAND TMOUT LS_COLORS',
    `export LC_ALL=C TERM=dumb`,
    `PS1="@""${prompt}# " PS2= IGNOREEOF=1000 histchars= n=0 c=0 e= o= x= z= g= j= s=${sum}`,
    ...COMMON,
    `_l(){ set -- $e;_h "#" $#;[ $# -gt ${lines} ]||{ ${each};};echo "@$m>$k $k";}`,
    `_E(){ ${script};}`,
    hasHead ? `_c(){ head -c ${(lines + 1) * bytesPerLine};}` : '_c(){ cat;}',
    `_f(){ [ -f "$1" ]||return 3;${hasHead ? 'head -c $2 "$1"' : 'cat "$1"'};}`,
    `_w(){ (umask 077;${encoder === 'base64' ? 'printf %s "$x"|base64 -d' : 'printf %b "$x"'} >"$1")&&{ [ ! "$s" ]||$s <"$1";};}`,
    ...(shell === 'bash' ? ['set +o history', `f=${place}/.oci-rescue-$$`, ...FOR_BASH, '_o'] : FOR_SH),
  ]
  return parts.join(';')
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
