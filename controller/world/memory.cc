#include "controller/world/memory.h"

#include <malloc.h>

namespace poolshift {

void TakeMemoryInLargePieces() {
  constexpr int kPiece = 32 << 20;  // reserved, not used: what is not written to costs nothing
  ::mallopt(M_TOP_PAD, kPiece);
  ::mallopt(M_TRIM_THRESHOLD, 8 * kPiece);
  ::mallopt(M_MMAP_THRESHOLD, kPiece);
}

}  // namespace poolshift
