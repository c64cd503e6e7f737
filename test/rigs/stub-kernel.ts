/**
 * A kernel of one kilobyte that boot loaders take for Linux: it says on the first
 * serial port which command line it was started with, and rests. A boot that is only
 * about the boot loader then takes a second instead of ten.
 * Source of the header: the Linux/x86 boot protocol, Documentation/arch/x86/boot.rst.
 */

/** What stands before the command line that a kernel reports. */
export const REPORT = '@booted: '

/** Where the header begins, and the fields that a boot loader reads. */
const HEADER = { setupSectors: 0x1f1, systemSize: 0x1f4, bootFlag: 0x1fe, jump: 0x200, magic: 0x202, version: 0x206 }
const FIELDS = { loadFlags: 0x211, code32Start: 0x214, initrdMax: 0x22c, alignment: 0x230, relocatable: 0x234 }
const COMMAND_LINE_SIZE = 0x238
/** Behind the header, in the setup sector; its strings follow. */
const REAL_MODE_CODE = 0x270
const REAL_MODE_TEXT = 0x2c0
/** The boot sector and one setup sector; the 32-bit part follows. */
const PROTECTED_MODE_CODE = 0x400

/** For GRUB 2 (32-bit entry, also from UEFI) and for `linux16` and GRUB legacy (16-bit entry). */
export function stubKernel(): Buffer {
  const kernel = Buffer.alloc(PROTECTED_MODE_CODE + 0x200)
  kernel.writeUInt8(1, HEADER.setupSectors)
  kernel.writeUInt32LE(0x200 / 16, HEADER.systemSize)
  kernel.writeUInt16LE(0xaa55, HEADER.bootFlag)
  kernel.set([0xeb, REAL_MODE_CODE - HEADER.magic], HEADER.jump)
  kernel.write('HdrS', HEADER.magic)
  // 2.06: the first with a field for the length of the command line, and none yet for the entries by UEFI.
  kernel.writeUInt16LE(0x0206, HEADER.version)
  // LOADED_HIGH: what follows the setup sector belongs at 1 MiB, and runs anywhere.
  kernel.writeUInt8(1, FIELDS.loadFlags)
  kernel.writeUInt32LE(0x10_0000, FIELDS.code32Start)
  kernel.writeUInt32LE(0x37ff_ffff, FIELDS.initrdMax)
  kernel.writeUInt32LE(0x1000, FIELDS.alignment)
  kernel.writeUInt8(1, FIELDS.relocatable)
  // What Linux itself takes on x86: COMMAND_LINE_SIZE of 2048, without the final 0.
  kernel.writeUInt32LE(2047, COMMAND_LINE_SIZE)
  kernel.set(realModeCode(), REAL_MODE_CODE)
  kernel.write(`\r\n${REPORT}\0\r\n\0`, REAL_MODE_TEXT, 'latin1')
  kernel.set(protectedModeCode(), PROTECTED_MODE_CODE)
  return kernel
}

/** DS:0 is the boot sector; `cmd_line_ptr` in the header is a linear address below 1 MiB. */
function realModeCode(): readonly number[] {
  const ending = REAL_MODE_TEXT + `\r\n${REPORT}\0`.length
  return [
    ...[0xfc, 0xbe, ...word(REAL_MODE_TEXT), 0xe8, 0x20, 0x00], // cld; mov si,text; call say
    ...[0x66, 0xa1, 0x28, 0x02, 0x89, 0xc3, 0x83, 0xe3, 0x0f], // mov eax,[0x228]: cmd_line_ptr; mov bx,ax; and bx,15
    ...[0x66, 0xc1, 0xe8, 0x04], // shr eax,4: its segment
    ...[0x1e, 0x8e, 0xd8, 0x89, 0xde, 0xe8, 0x0b, 0x00], // push ds; mov ds,ax; mov si,bx; call say
    ...[0x1f, 0xbe, ...word(ending), 0xe8, 0x04, 0x00], // pop ds; mov si,ending; call say
    ...[0xfa, 0xf4, 0xeb, 0xfc], // rest: cli; hlt; jmp rest
    ...[0xac, 0x84, 0xc0, 0x74, 0x11, 0x88, 0xc4], // say: lodsb; test al,al; jz done; mov ah,al
    ...[0xba, 0xfd, 0x03, 0xec, 0xa8, 0x20, 0x74, 0xf8], // full: mov dx,0x3fd; in al,dx; test al,0x20; jz full
    ...[0xb2, 0xf8, 0x88, 0xe0, 0xee, 0xeb, 0xea], // mov dl,0xf8; mov al,ah; out dx,al; jmp say
    0xc3, // done: ret
  ]
}

/** ESI is the address of the boot parameters, a copy of the header among them; nothing else is sure. */
function protectedModeCode(): readonly number[] {
  return [
    ...[0x89, 0xf4, 0x8b, 0x9e, 0x28, 0x02, 0x00, 0x00], // mov esp,esi; mov ebx,[esi+0x228]: cmd_line_ptr
    // Two strings stand between the instructions: the call that jumps over one leaves its address on the stack.
    ...[0xe8, ...long(REPORT.length + 3), ...text(`\r\n${REPORT}\0`)], // call behind it
    ...[0x5f, 0xe8, 0x19, 0x00, 0x00, 0x00], // pop edi; call say
    ...[0x89, 0xdf, 0xe8, 0x12, 0x00, 0x00, 0x00], // mov edi,ebx; call say
    ...[0xe8, ...long(3), ...text('\r\n\0')], // call behind it
    ...[0x5f, 0xe8, 0x04, 0x00, 0x00, 0x00], // pop edi; call say
    ...[0xfa, 0xf4, 0xeb, 0xfc], // rest: cli; hlt; jmp rest
    ...[0x8a, 0x27, 0x47, 0x84, 0xe4, 0x74, 0x11], // say: mov ah,[edi]; inc edi; test ah,ah; jz done
    ...[0xba, 0xfd, 0x03, 0x00, 0x00, 0xec, 0xa8, 0x20, 0x74, 0xf6], // full: mov edx,0x3fd; in al,dx; test al,0x20; jz full
    ...[0xb2, 0xf8, 0x88, 0xe0, 0xee, 0xeb, 0xe8], // mov dl,0xf8; mov al,ah; out dx,al; jmp say
    0xc3, // done: ret
  ]
}

function word(value: number): readonly number[] {
  return [value & 0xff, value >> 8]
}

function long(value: number): readonly number[] {
  return [...word(value & 0xffff), ...word(value >>> 16)]
}

function text(value: string): readonly number[] {
  return [...Buffer.from(value, 'latin1')]
}
