/**
 * The stub kernel as a UEFI application, for boot loaders that let the firmware
 * start the kernel (systemd-boot): it says on the first serial port which command
 * line it was started with, and rests.
 * Sources: the PE/COFF specification, and EFI_LOADED_IMAGE_PROTOCOL in the UEFI specification.
 */
import { REPORT } from './stub-kernel.ts'

/** Where in the file the parts begin; in memory they are where they are in the file. */
const PE_HEADER = 0x40
const SECTION_TABLE = PE_HEADER + 4 + 20 + 0xf0
const CODE = 0x1000
const PAGE = 0x1000

export function stubApplication(): Buffer {
  const image = Buffer.alloc(CODE + PAGE)
  image.write('MZ')
  image.writeUInt32LE(PE_HEADER, 0x3c)
  writeFileHeader(image.subarray(PE_HEADER))
  writeOptionalHeader(image.subarray(PE_HEADER + 4 + 20))
  writeSection(image.subarray(SECTION_TABLE))
  image.set(code(), CODE)
  return image
}

function writeFileHeader(header: Buffer): void {
  header.write('PE\0\0', 'latin1')
  // x86-64, one section.
  header.writeUInt16LE(0x8664, 4)
  header.writeUInt16LE(1, 6)
  header.writeUInt16LE(0xf0, 20)
  // EXECUTABLE_IMAGE and LARGE_ADDRESS_AWARE; not RELOCS_STRIPPED, which would bind it to one address.
  header.writeUInt16LE(0x0022, 22)
}

function writeOptionalHeader(header: Buffer): void {
  // PE32+.
  header.writeUInt16LE(0x20b, 0)
  header.writeUInt32LE(PAGE, 4) // SizeOfCode
  header.writeUInt32LE(CODE, 16) // AddressOfEntryPoint
  header.writeUInt32LE(CODE, 20) // BaseOfCode
  header.writeUInt32LE(PAGE, 32) // SectionAlignment
  header.writeUInt32LE(PAGE, 36) // FileAlignment
  header.writeUInt32LE(CODE + PAGE, 56) // SizeOfImage
  header.writeUInt32LE(CODE, 60) // SizeOfHeaders
  header.writeUInt16LE(10, 68) // Subsystem: EFI application
  header.writeUInt32LE(16, 108) // NumberOfRvaAndSizes, all empty
}

function writeSection(section: Buffer): void {
  section.write('.text')
  section.writeUInt32LE(PAGE, 8)
  section.writeUInt32LE(CODE, 12)
  section.writeUInt32LE(PAGE, 16)
  section.writeUInt32LE(CODE, 20)
  // CODE, EXECUTE and READ.
  section.writeUInt32LE(0x6000_0020, 36)
}

/** RCX is the image's handle, RDX the system table. The command line is the image's load options, in UTF-16. */
function code(): readonly number[] {
  return [
    ...[0x48, 0x83, 0xec, 0x38], // sub rsp,0x38
    ...[0x48, 0x8b, 0x42, 0x60], // mov rax,[rdx+0x60]: the boot services
    ...[0x48, 0x8d, 0x15, 0x64, 0x00, 0x00, 0x00], // lea rdx,[guid]
    ...[0x4c, 0x8d, 0x44, 0x24, 0x28], // lea r8,[rsp+0x28]
    ...[0xff, 0x90, 0x98, 0x00, 0x00, 0x00], // call [rax+0x98]: HandleProtocol
    ...[0x48, 0x8b, 0x44, 0x24, 0x28], // mov rax,[rsp+0x28]
    ...[0x8b, 0x58, 0x30], // mov ebx,[rax+0x30]: LoadOptionsSize
    ...[0x48, 0x8b, 0x78, 0x38], // mov rdi,[rax+0x38]: LoadOptions
    ...[0x48, 0x8d, 0x35, 0x56, 0x00, 0x00, 0x00], // lea rsi,[text]
    ...[0xac, 0x84, 0xc0, 0x74, 0x07], // head: lodsb; test al,al; jz body
    ...[0xe8, 0x2a, 0x00, 0x00, 0x00, 0xeb, 0xf4], // call say; jmp head
    ...[0x83, 0xeb, 0x02, 0x78, 0x11, 0x8a, 0x07], // body: sub ebx,2; js tail; mov al,[rdi]
    ...[0x48, 0x83, 0xc7, 0x02, 0x84, 0xc0, 0x74, 0x07], // add rdi,2; test al,al; jz tail
    ...[0xe8, 0x14, 0x00, 0x00, 0x00, 0xeb, 0xea], // call say; jmp body
    ...[0xb0, 0x0d, 0xe8, 0x0b, 0x00, 0x00, 0x00], // tail: mov al,13; call say
    ...[0xb0, 0x0a, 0xe8, 0x04, 0x00, 0x00, 0x00], // mov al,10; call say
    ...[0xfa, 0xf4, 0xeb, 0xfc], // rest: cli; hlt; jmp rest
    ...[0x88, 0xc4, 0xba, 0xfd, 0x03, 0x00, 0x00], // say: mov ah,al; full: mov edx,0x3fd
    ...[0xec, 0xa8, 0x20, 0x74, 0xf6], // in al,dx; test al,0x20; jz full
    ...[0xb2, 0xf8, 0x88, 0xe0, 0xee, 0xc3], // mov dl,0xf8; mov al,ah; out dx,al; ret
    // guid: 5B1B31A1-9562-11D2-8E3F-00A0C969723B, the loaded image protocol.
    ...[0xa1, 0x31, 0x1b, 0x5b, 0x62, 0x95, 0xd2, 0x11, 0x8e, 0x3f, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b],
    ...Buffer.from(`\r\n${REPORT}\0`, 'latin1'),
  ]
}
