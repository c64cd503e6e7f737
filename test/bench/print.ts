/** What a benchmark says, line by line. `isMet`: of a line that names a goal, whether it is met; one is missed by what is no number. */
export type Print = (line: string, isMet?: boolean) => void
