// How a program that lives for one command or one run asks for memory.
#pragma once

namespace poolshift {

// Asks the kernel in large pieces and gives nothing back before the end. Without it glibc grows the
// memory of each thread but the first by one page at a time, a system call for each. Once, first.
void TakeMemoryInLargePieces();

}  // namespace poolshift
